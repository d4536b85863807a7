// Made by `make sdk-bindings` from wit/. Included by the one file that implements archive-policy.
#pragma once
#include <prosody/bindings.h>
#include <prosody/memory.h>

__attribute__((__aligned__(8)))
static uint8_t prosody_archive_policy_area[(24+4*sizeof(void*))];

__attribute__((__export_name__("cabi_post_prosody:policy/archive-policy@0.1.5#decide")))
void __wasm_export_exports_prosody_policy_archive_policy_decide_post_return(uint8_t * arg0) {
  (void) arg0;
  prosody_release_memory();
}

__attribute__((__export_name__("prosody:policy/archive-policy@0.1.5#retention")))
uint8_t * __wasm_export_exports_prosody_policy_archive_policy_retention(void) {
  uint32_t val;
  bool ret = exports_prosody_policy_archive_policy_retention(&val);

  policy_option_u32_t ret0;
  ret0.is_some = ret;
  ret0.val = val;
  uint8_t *ptr = (uint8_t *) &prosody_archive_policy_area;
  if ((ret0).is_some) {
    const uint32_t *payload1 = &(ret0).val;
    *((int8_t*)(ptr + 0)) = 1;
    *((int32_t*)(ptr + 4)) = (int32_t) (*payload1);
  } else {
    *((int8_t*)(ptr + 0)) = 0;
  }
  return ptr;
}

__attribute__((__export_name__("prosody:policy/archive-policy@0.1.5#decide")))
uint8_t * __wasm_export_exports_prosody_policy_archive_policy_decide(int32_t arg, int32_t arg0, int32_t arg1, int32_t arg2, int32_t arg3, int32_t arg4) {
  exports_prosody_policy_archive_policy_keeping_t arg5 = (exports_prosody_policy_archive_policy_keeping_t) {
    (exports_prosody_policy_archive_policy_place_t) arg,
    (exports_prosody_policy_archive_policy_passage_t) (prosody_policy_types_passage_t) {
      (prosody_policy_types_stanza_kind_t) arg0,
      (prosody_policy_types_direction_t) arg1,
      (prosody_policy_types_party_t) arg2,
      (prosody_policy_types_party_t) arg3,
    },
    (bool) arg4,
  };
  exports_prosody_policy_archive_policy_ruling_t ret;
  exports_prosody_policy_archive_policy_decide(&arg5, &ret);
  uint8_t *ptr = (uint8_t *) &prosody_archive_policy_area;
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
      const exports_prosody_policy_archive_policy_bounce_t *payload8 = &((ret).verdict).val.refuse;
      *((int8_t*)(ptr + 0)) = 3;
      *((int8_t*)(ptr + sizeof(void*))) = (int32_t) (*payload8).error_type;
      *((int8_t*)(ptr + (1+1*sizeof(void*)))) = (int32_t) (*payload8).condition;
      *((size_t*)(ptr + (3*sizeof(void*)))) = ((*payload8).text).len;
      *((uint8_t **)(ptr + (2*sizeof(void*)))) = (uint8_t *) ((*payload8).text).ptr;
      break;
    }
  }
  *((size_t*)(ptr + (5*sizeof(void*)))) = ((ret).reason).len;
  *((uint8_t **)(ptr + (4*sizeof(void*)))) = (uint8_t *) ((ret).reason).ptr;
  return ptr;
}
