// Made by `make sdk-bindings` from wit/. Included by the one file that implements push-policy.
#pragma once
#include <prosody/bindings.h>
#include <prosody/memory.h>

__attribute__((__aligned__(8)))
static uint8_t prosody_push_policy_area[(24+4*sizeof(void*))];

__attribute__((__export_name__("cabi_post_prosody:policy/push-policy@0.1.5#register")))
void __wasm_export_exports_prosody_policy_push_policy_register_post_return(uint8_t * arg0) {
  (void) arg0;
  prosody_release_memory();
}

__attribute__((__export_name__("cabi_post_prosody:policy/push-policy@0.1.5#notify")))
void __wasm_export_exports_prosody_policy_push_policy_notify_post_return(uint8_t * arg0) {
  (void) arg0;
  prosody_release_memory();
}

__attribute__((__export_name__("prosody:policy/push-policy@0.1.5#register")))
uint8_t * __wasm_export_exports_prosody_policy_push_policy_register(uint8_t * arg, size_t arg0, uint8_t * arg1, size_t arg2, uint8_t * arg3, size_t arg4, int32_t arg5) {
  exports_prosody_policy_push_policy_registration_t arg6 = (exports_prosody_policy_push_policy_registration_t) {
    (policy_string_t) (policy_string_t) { (uint8_t*)(arg), (arg0) },
    (policy_string_t) (policy_string_t) { (uint8_t*)(arg1), (arg2) },
    (policy_string_t) (policy_string_t) { (uint8_t*)(arg3), (arg4) },
    (uint32_t) (uint32_t) (arg5),
  };
  exports_prosody_policy_push_policy_admission_ruling_t ret;
  exports_prosody_policy_push_policy_register(&arg6, &ret);
  uint8_t *ptr = (uint8_t *) &prosody_push_policy_area;
  switch ((int32_t) ((ret).verdict).tag) {
    case 0: {
      *((int8_t*)(ptr + 0)) = 0;
      break;
    }
    case 1: {
      const exports_prosody_policy_push_policy_bounce_t *payload7 = &((ret).verdict).val.refuse;
      *((int8_t*)(ptr + 0)) = 1;
      *((int8_t*)(ptr + sizeof(void*))) = (int32_t) (*payload7).error_type;
      *((int8_t*)(ptr + (1+1*sizeof(void*)))) = (int32_t) (*payload7).condition;
      *((size_t*)(ptr + (3*sizeof(void*)))) = ((*payload7).text).len;
      *((uint8_t **)(ptr + (2*sizeof(void*)))) = (uint8_t *) ((*payload7).text).ptr;
      break;
    }
  }
  *((size_t*)(ptr + (5*sizeof(void*)))) = ((ret).reason).len;
  *((uint8_t **)(ptr + (4*sizeof(void*)))) = (uint8_t *) ((ret).reason).ptr;
  return ptr;
}

__attribute__((__export_name__("prosody:policy/push-policy@0.1.5#notify")))
uint8_t * __wasm_export_exports_prosody_policy_push_policy_notify(int32_t arg, int32_t arg0, int32_t arg1, int32_t arg2, uint8_t * arg3, size_t arg4, uint8_t * arg5, size_t arg6, uint8_t * arg7, size_t arg8, int32_t arg9, int32_t arg10, int32_t arg11, uint8_t * arg12, size_t arg13) {
  policy_option_string_t option;
  switch (arg11) {
    case 0: {
      option.is_some = false;
      break;
    }
    case 1: {
      option.is_some = true;
      option.val = (policy_string_t) { (uint8_t*)(arg12), (arg13) };
      break;
    }
  }
  exports_prosody_policy_push_policy_notification_t arg14 = (exports_prosody_policy_push_policy_notification_t) {
    (exports_prosody_policy_push_policy_passage_t) (prosody_policy_types_passage_t) {
      (prosody_policy_types_stanza_kind_t) arg,
      (prosody_policy_types_direction_t) arg0,
      (prosody_policy_types_party_t) arg1,
      (prosody_policy_types_party_t) arg2,
    },
    (exports_prosody_policy_push_policy_registration_t) (exports_prosody_policy_push_policy_registration_t) {
      (policy_string_t) (policy_string_t) { (uint8_t*)(arg3), (arg4) },
      (policy_string_t) (policy_string_t) { (uint8_t*)(arg5), (arg6) },
      (policy_string_t) (policy_string_t) { (uint8_t*)(arg7), (arg8) },
      (uint32_t) (uint32_t) (arg9),
    },
    (exports_prosody_policy_push_policy_device_t) arg10,
    (policy_option_string_t) option,
  };
  exports_prosody_policy_push_policy_ruling_t ret;
  exports_prosody_policy_push_policy_notify(&arg14, &ret);
  uint8_t *ptr = (uint8_t *) &prosody_push_policy_area;
  switch ((int32_t) ((ret).verdict).tag) {
    case 0: {
      const uint32_t *payload = &((ret).verdict).val.send;
      *((int8_t*)(ptr + 0)) = 0;
      *((int32_t*)(ptr + 4)) = (int32_t) (*payload);
      break;
    }
    case 1: {
      const uint32_t *payload15 = &((ret).verdict).val.announce;
      *((int8_t*)(ptr + 0)) = 1;
      *((int32_t*)(ptr + 4)) = (int32_t) (*payload15);
      break;
    }
    case 2: {
      const uint32_t *payload16 = &((ret).verdict).val.redact;
      *((int8_t*)(ptr + 0)) = 2;
      *((int32_t*)(ptr + 4)) = (int32_t) (*payload16);
      break;
    }
    case 3: {
      *((int8_t*)(ptr + 0)) = 3;
      break;
    }
  }
  *((size_t*)(ptr + (8+1*sizeof(void*)))) = ((ret).reason).len;
  *((uint8_t **)(ptr + 8)) = (uint8_t *) ((ret).reason).ptr;
  return ptr;
}
