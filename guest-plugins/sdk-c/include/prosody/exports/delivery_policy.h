// Made by `make sdk-bindings` from wit/. Included by the one file that implements delivery-policy.
#pragma once
#include <prosody/bindings.h>
#include <prosody/memory.h>

__attribute__((__aligned__(8)))
static uint8_t prosody_delivery_policy_area[(24+4*sizeof(void*))];

__attribute__((__export_name__("cabi_post_prosody:policy/delivery-policy@0.1.5#decide")))
void __wasm_export_exports_prosody_policy_delivery_policy_decide_post_return(uint8_t * arg0) {
  (void) arg0;
  prosody_release_memory();
}

__attribute__((__export_name__("prosody:policy/delivery-policy@0.1.5#decide")))
uint8_t * __wasm_export_exports_prosody_policy_delivery_policy_decide(int32_t arg, int32_t arg0, int32_t arg1, int32_t arg2, int32_t arg3, uint8_t * arg4, size_t arg5) {
  policy_option_string_t option;
  switch (arg3) {
    case 0: {
      option.is_some = false;
      break;
    }
    case 1: {
      option.is_some = true;
      option.val = (policy_string_t) { (uint8_t*)(arg4), (arg5) };
      break;
    }
  }
  exports_prosody_policy_delivery_policy_delivery_t arg6 = (exports_prosody_policy_delivery_policy_delivery_t) {
    (exports_prosody_policy_delivery_policy_passage_t) (prosody_policy_types_passage_t) {
      (prosody_policy_types_stanza_kind_t) arg,
      (prosody_policy_types_direction_t) arg0,
      (prosody_policy_types_party_t) arg1,
      (prosody_policy_types_party_t) arg2,
    },
    (policy_option_string_t) option,
  };
  exports_prosody_policy_delivery_policy_ruling_t ret;
  exports_prosody_policy_delivery_policy_decide(&arg6, &ret);
  uint8_t *ptr = (uint8_t *) &prosody_delivery_policy_area;
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
      const policy_string_t *payload8 = &((ret).verdict).val.replace_older;
      *((int8_t*)(ptr + 0)) = 2;
      *((size_t*)(ptr + (2*sizeof(void*)))) = (*payload8).len;
      *((uint8_t **)(ptr + sizeof(void*))) = (uint8_t *) (*payload8).ptr;
      break;
    }
    case 3: {
      *((int8_t*)(ptr + 0)) = 3;
      break;
    }
  }
  *((size_t*)(ptr + (4*sizeof(void*)))) = ((ret).reason).len;
  *((uint8_t **)(ptr + (3*sizeof(void*)))) = (uint8_t *) ((ret).reason).ptr;
  return ptr;
}
