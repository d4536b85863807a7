// Made by `make sdk-bindings` from wit/. Included by the one file that implements keys-policy.
#pragma once
#include <prosody/bindings.h>
#include <prosody/memory.h>

__attribute__((__aligned__(8)))
static uint8_t prosody_keys_policy_area[(24+4*sizeof(void*))];

__attribute__((__export_name__("cabi_post_prosody:policy/keys-policy@0.1.5#read")))
void __wasm_export_exports_prosody_policy_keys_policy_read_post_return(uint8_t * arg0) {
  (void) arg0;
  prosody_release_memory();
}

__attribute__((__export_name__("prosody:policy/keys-policy@0.1.5#read")))
uint8_t * __wasm_export_exports_prosody_policy_keys_policy_read(uint8_t * arg, size_t arg0, uint8_t * arg1, size_t arg2, int32_t arg3) {
  exports_prosody_policy_keys_policy_reading_t arg4 = (exports_prosody_policy_keys_policy_reading_t) {
    (policy_string_t) (policy_string_t) { (uint8_t*)(arg), (arg0) },
    (policy_string_t) (policy_string_t) { (uint8_t*)(arg1), (arg2) },
    (bool) arg3,
  };
  exports_prosody_policy_keys_policy_ruling_t ret;
  exports_prosody_policy_keys_policy_read(&arg4, &ret);
  uint8_t *ptr = (uint8_t *) &prosody_keys_policy_area;
  *((int8_t*)(ptr + 0)) = (int32_t) (ret).verdict;
  *((size_t*)(ptr + (2*sizeof(void*)))) = ((ret).reason).len;
  *((uint8_t **)(ptr + sizeof(void*))) = (uint8_t *) ((ret).reason).ptr;
  return ptr;
}
