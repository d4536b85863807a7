// Made by `make sdk-bindings` from wit/. Included by the one file that implements carbons-policy.
#pragma once
#include <prosody/bindings.h>
#include <prosody/memory.h>

__attribute__((__aligned__(8)))
static uint8_t prosody_carbons_policy_area[(24+4*sizeof(void*))];

__attribute__((__export_name__("cabi_post_prosody:policy/carbons-policy@0.1.5#decide")))
void __wasm_export_exports_prosody_policy_carbons_policy_decide_post_return(uint8_t * arg0) {
  (void) arg0;
  prosody_release_memory();
}

__attribute__((__export_name__("prosody:policy/carbons-policy@0.1.5#decide")))
uint8_t * __wasm_export_exports_prosody_policy_carbons_policy_decide(int32_t arg, int32_t arg0, int32_t arg1, int32_t arg2) {
  exports_prosody_policy_carbons_policy_passage_t arg3 = (prosody_policy_types_passage_t) {
    (prosody_policy_types_stanza_kind_t) arg,
    (prosody_policy_types_direction_t) arg0,
    (prosody_policy_types_party_t) arg1,
    (prosody_policy_types_party_t) arg2,
  };
  exports_prosody_policy_carbons_policy_ruling_t ret;
  exports_prosody_policy_carbons_policy_decide(&arg3, &ret);
  uint8_t *ptr = (uint8_t *) &prosody_carbons_policy_area;
  *((int8_t*)(ptr + 0)) = (int32_t) (ret).verdict;
  *((size_t*)(ptr + (2*sizeof(void*)))) = ((ret).reason).len;
  *((uint8_t **)(ptr + sizeof(void*))) = (uint8_t *) ((ret).reason).ptr;
  return ptr;
}
