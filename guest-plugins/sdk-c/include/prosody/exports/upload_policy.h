// Made by `make sdk-bindings` from wit/. Included by the one file that implements upload-policy.
#pragma once
#include <prosody/bindings.h>
#include <prosody/memory.h>

__attribute__((__aligned__(8)))
static uint8_t prosody_upload_policy_area[(24+4*sizeof(void*))];

__attribute__((__export_name__("cabi_post_prosody:policy/upload-policy@0.1.5#request")))
void __wasm_export_exports_prosody_policy_upload_policy_request_post_return(uint8_t * arg0) {
  (void) arg0;
  prosody_release_memory();
}

__attribute__((__export_name__("cabi_post_prosody:policy/upload-policy@0.1.5#inspect")))
void __wasm_export_exports_prosody_policy_upload_policy_inspect_post_return(uint8_t * arg0) {
  (void) arg0;
  prosody_release_memory();
}

__attribute__((__export_name__("prosody:policy/upload-policy@0.1.5#request")))
uint8_t * __wasm_export_exports_prosody_policy_upload_policy_request(uint8_t * arg, size_t arg0, uint8_t * arg1, size_t arg2, int64_t arg3, uint8_t * arg4, size_t arg5, int32_t arg6, int32_t arg7, int64_t arg8, int32_t arg9, int64_t arg10, int64_t arg11) {
  exports_prosody_policy_upload_policy_slot_request_t arg12 = (exports_prosody_policy_upload_policy_slot_request_t) {
    (policy_string_t) (policy_string_t) { (uint8_t*)(arg), (arg0) },
    (policy_string_t) (policy_string_t) { (uint8_t*)(arg1), (arg2) },
    (uint64_t) (uint64_t) (arg3),
    (policy_string_t) (policy_string_t) { (uint8_t*)(arg4), (arg5) },
    (exports_prosody_policy_upload_policy_usage_t) (exports_prosody_policy_upload_policy_usage_t) {
      (uint32_t) (uint32_t) (arg6),
      (uint32_t) (uint32_t) (arg7),
      (uint64_t) (uint64_t) (arg8),
      (uint32_t) (uint32_t) (arg9),
      (uint64_t) (uint64_t) (arg10),
      (uint64_t) (uint64_t) (arg11),
    },
  };
  exports_prosody_policy_upload_policy_slot_ruling_t ret;
  exports_prosody_policy_upload_policy_request(&arg12, &ret);
  uint8_t *ptr = (uint8_t *) &prosody_upload_policy_area;
  switch ((int32_t) ((ret).verdict).tag) {
    case 0: {
      *((int8_t*)(ptr + 0)) = 0;
      break;
    }
    case 1: {
      *((int8_t*)(ptr + 0)) = 1;
      break;
    }
    case 2: {
      *((int8_t*)(ptr + 0)) = 2;
      break;
    }
    case 3: {
      const exports_prosody_policy_upload_policy_bounce_t *payload15 = &((ret).verdict).val.refuse;
      *((int8_t*)(ptr + 0)) = 3;
      *((int8_t*)(ptr + 8)) = (int32_t) (*payload15).error_type;
      *((int8_t*)(ptr + 9)) = (int32_t) (*payload15).condition;
      *((size_t*)(ptr + (8+2*sizeof(void*)))) = ((*payload15).text).len;
      *((uint8_t **)(ptr + (8+1*sizeof(void*)))) = (uint8_t *) ((*payload15).text).ptr;
      break;
    }
    case 4: {
      const exports_prosody_policy_upload_policy_too_large_t *payload16 = &((ret).verdict).val.refuse_size;
      *((int8_t*)(ptr + 0)) = 4;
      *((int64_t*)(ptr + 8)) = (int64_t) ((*payload16).limit);
      *((size_t*)(ptr + (16+1*sizeof(void*)))) = ((*payload16).text).len;
      *((uint8_t **)(ptr + 16)) = (uint8_t *) ((*payload16).text).ptr;
      break;
    }
    case 5: {
      const exports_prosody_policy_upload_policy_retry_t *payload17 = &((ret).verdict).val.refuse_now;
      *((int8_t*)(ptr + 0)) = 5;
      *((int32_t*)(ptr + 8)) = (int32_t) ((*payload17).seconds);
      *((size_t*)(ptr + (8+2*sizeof(void*)))) = ((*payload17).text).len;
      *((uint8_t **)(ptr + (8+1*sizeof(void*)))) = (uint8_t *) ((*payload17).text).ptr;
      break;
    }
  }
  *((size_t*)(ptr + (16+3*sizeof(void*)))) = ((ret).reason).len;
  *((uint8_t **)(ptr + (16+2*sizeof(void*)))) = (uint8_t *) ((ret).reason).ptr;
  return ptr;
}

__attribute__((__export_name__("prosody:policy/upload-policy@0.1.5#inspect")))
uint8_t * __wasm_export_exports_prosody_policy_upload_policy_inspect(uint8_t * arg, size_t arg0, int64_t arg1, int64_t arg2, uint8_t * arg3, size_t arg4, int32_t arg5, uint8_t * arg6, size_t arg7) {
  exports_prosody_policy_upload_policy_piece_t arg8 = (exports_prosody_policy_upload_policy_piece_t) {
    (policy_string_t) (policy_string_t) { (uint8_t*)(arg), (arg0) },
    (uint64_t) (uint64_t) (arg1),
    (uint64_t) (uint64_t) (arg2),
    (policy_list_u8_t) (policy_list_u8_t) { (uint8_t*)(arg3), (arg4) },
    (bool) arg5,
    (policy_list_u8_t) (policy_list_u8_t) { (uint8_t*)(arg6), (arg7) },
  };
  exports_prosody_policy_upload_policy_content_ruling_t ret;
  exports_prosody_policy_upload_policy_inspect(&arg8, &ret);
  uint8_t *ptr = (uint8_t *) &prosody_upload_policy_area;
  switch ((int32_t) ((ret).verdict).tag) {
    case 0: {
      *((int8_t*)(ptr + 0)) = 0;
      break;
    }
    case 1: {
      const policy_string_t *payload9 = &((ret).verdict).val.refuse;
      *((int8_t*)(ptr + 0)) = 1;
      *((size_t*)(ptr + (2*sizeof(void*)))) = (*payload9).len;
      *((uint8_t **)(ptr + sizeof(void*))) = (uint8_t *) (*payload9).ptr;
      break;
    }
  }
  *((size_t*)(ptr + (4*sizeof(void*)))) = ((ret).notes).len;
  *((uint8_t **)(ptr + (3*sizeof(void*)))) = (uint8_t *) ((ret).notes).ptr;
  *((size_t*)(ptr + (6*sizeof(void*)))) = ((ret).reason).len;
  *((uint8_t **)(ptr + (5*sizeof(void*)))) = (uint8_t *) ((ret).reason).ptr;
  return ptr;
}

__attribute__((__export_name__("prosody:policy/upload-policy@0.1.5#expires")))
uint8_t * __wasm_export_exports_prosody_policy_upload_policy_expires(void) {
  exports_prosody_policy_upload_policy_expiry_t ret;
  exports_prosody_policy_upload_policy_expires(&ret);
  uint8_t *ptr = (uint8_t *) &prosody_upload_policy_area;
  if (((ret).hours).is_some) {
    const uint32_t *payload0 = &((ret).hours).val;
    *((int8_t*)(ptr + 0)) = 1;
    *((int32_t*)(ptr + 4)) = (int32_t) (*payload0);
  } else {
    *((int8_t*)(ptr + 0)) = 0;
  }
  if (((ret).user_bytes).is_some) {
    const uint64_t *payload2 = &((ret).user_bytes).val;
    *((int8_t*)(ptr + 8)) = 1;
    *((int64_t*)(ptr + 16)) = (int64_t) (*payload2);
  } else {
    *((int8_t*)(ptr + 8)) = 0;
  }
  if (((ret).total_bytes).is_some) {
    const uint64_t *payload4 = &((ret).total_bytes).val;
    *((int8_t*)(ptr + 24)) = 1;
    *((int64_t*)(ptr + 32)) = (int64_t) (*payload4);
  } else {
    *((int8_t*)(ptr + 24)) = 0;
  }
  return ptr;
}
