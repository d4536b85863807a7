// Made by `make sdk-bindings` from wit/. Included by the one file that implements lifecycle.
#pragma once
#include <prosody/bindings.h>
#include <prosody/memory.h>

__attribute__((__aligned__(8)))
static uint8_t prosody_lifecycle_area[(24+4*sizeof(void*))];

__attribute__((__export_name__("cabi_post_prosody:policy/lifecycle@0.1.5#configure")))
void __wasm_export_exports_prosody_policy_lifecycle_configure_post_return(uint8_t * arg0) {
  (void) arg0;
  prosody_keep_memory();
}

__attribute__((__export_name__("prosody:policy/lifecycle@0.1.5#configure")))
uint8_t * __wasm_export_exports_prosody_policy_lifecycle_configure(uint8_t * arg, size_t arg0) {
  policy_string_t arg1 = (policy_string_t) { (uint8_t*)(arg), (arg0) };
  exports_prosody_policy_lifecycle_result_void_string_t ret;
  policy_string_t err;
  ret.is_err = !exports_prosody_policy_lifecycle_configure(&arg1, &err);
  if (ret.is_err) {
    ret.val.err = err;
  }
  uint8_t *ptr = (uint8_t *) &prosody_lifecycle_area;
  if ((ret).is_err) {
    const policy_string_t *payload2 = &(ret).val.err;*((int8_t*)(ptr + 0)) = 1;
    *((size_t*)(ptr + (2*sizeof(void*)))) = (*payload2).len;
    *((uint8_t **)(ptr + sizeof(void*))) = (uint8_t *) (*payload2).ptr;
  } else {
    *((int8_t*)(ptr + 0)) = 0;
  }
  return ptr;
}
