// Made by `make sdk-bindings` from wit/. Included by the one file that implements state.
#pragma once
#include <prosody/bindings.h>
#include <prosody/memory.h>

__attribute__((__aligned__(8)))
static uint8_t prosody_state_area[(24+4*sizeof(void*))];

__attribute__((__export_name__("cabi_post_prosody:policy/state@0.1.5#save")))
void __wasm_export_exports_prosody_policy_state_save_post_return(uint8_t * arg0) {
  (void) arg0;
  prosody_release_memory();
}

__attribute__((__export_name__("cabi_post_prosody:policy/state@0.1.5#restore")))
void __wasm_export_exports_prosody_policy_state_restore_post_return(uint8_t * arg0) {
  (void) arg0;
  prosody_keep_memory();
}

__attribute__((__export_name__("prosody:policy/state@0.1.5#save")))
uint8_t * __wasm_export_exports_prosody_policy_state_save(void) {
  policy_list_u8_t ret;
  exports_prosody_policy_state_save(&ret);
  uint8_t *ptr = (uint8_t *) &prosody_state_area;
  *((size_t*)(ptr + sizeof(void*))) = (ret).len;
  *((uint8_t **)(ptr + 0)) = (uint8_t *) (ret).ptr;
  return ptr;
}

__attribute__((__export_name__("prosody:policy/state@0.1.5#restore")))
uint8_t * __wasm_export_exports_prosody_policy_state_restore(uint8_t * arg, size_t arg0, uint8_t * arg1, size_t arg2) {
  policy_string_t arg3 = (policy_string_t) { (uint8_t*)(arg), (arg0) };
  policy_list_u8_t arg4 = (policy_list_u8_t) { (uint8_t*)(arg1), (arg2) };
  exports_prosody_policy_lifecycle_result_void_string_t ret;
  policy_string_t err;
  ret.is_err = !exports_prosody_policy_state_restore(&arg3, &arg4, &err);
  if (ret.is_err) {
    ret.val.err = err;
  }
  uint8_t *ptr = (uint8_t *) &prosody_state_area;
  if ((ret).is_err) {
    const policy_string_t *payload5 = &(ret).val.err;*((int8_t*)(ptr + 0)) = 1;
    *((size_t*)(ptr + (2*sizeof(void*)))) = (*payload5).len;
    *((uint8_t **)(ptr + sizeof(void*))) = (uint8_t *) (*payload5).ptr;
  } else {
    *((int8_t*)(ptr + 0)) = 0;
  }
  return ptr;
}
