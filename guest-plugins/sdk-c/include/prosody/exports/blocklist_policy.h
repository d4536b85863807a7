// Made by `make sdk-bindings` from wit/. Included by the one file that implements blocklist-policy.
#pragma once
#include <prosody/bindings.h>
#include <prosody/memory.h>

__attribute__((__aligned__(8)))
static uint8_t prosody_blocklist_policy_area[(24+4*sizeof(void*))];

__attribute__((__export_name__("cabi_post_prosody:policy/blocklist-policy@0.1.5#permit")))
void __wasm_export_exports_prosody_policy_blocklist_policy_permit_post_return(uint8_t * arg0) {
  (void) arg0;
  prosody_release_memory();
}

__attribute__((__export_name__("prosody:policy/blocklist-policy@0.1.5#permit")))
uint8_t * __wasm_export_exports_prosody_policy_blocklist_policy_permit(uint8_t * arg, size_t arg0, int32_t arg1, int32_t arg2, int32_t arg3) {
  exports_prosody_policy_blocklist_policy_change_t arg4 = (exports_prosody_policy_blocklist_policy_change_t) {
    (policy_string_t) (policy_string_t) { (uint8_t*)(arg), (arg0) },
    (bool) arg1,
    (uint32_t) (uint32_t) (arg2),
    (uint32_t) (uint32_t) (arg3),
  };
  exports_prosody_policy_blocklist_policy_ruling_t ret;
  exports_prosody_policy_blocklist_policy_permit(&arg4, &ret);
  uint8_t *ptr = (uint8_t *) &prosody_blocklist_policy_area;
  switch ((int32_t) ((ret).verdict).tag) {
    case 0: {
      *((int8_t*)(ptr + 0)) = 0;
      break;
    }
    case 1: {
      const exports_prosody_policy_blocklist_policy_bounce_t *payload5 = &((ret).verdict).val.refuse;
      *((int8_t*)(ptr + 0)) = 1;
      *((int8_t*)(ptr + sizeof(void*))) = (int32_t) (*payload5).error_type;
      *((int8_t*)(ptr + (1+1*sizeof(void*)))) = (int32_t) (*payload5).condition;
      *((size_t*)(ptr + (3*sizeof(void*)))) = ((*payload5).text).len;
      *((uint8_t **)(ptr + (2*sizeof(void*)))) = (uint8_t *) ((*payload5).text).ptr;
      break;
    }
  }
  *((size_t*)(ptr + (5*sizeof(void*)))) = ((ret).reason).len;
  *((uint8_t **)(ptr + (4*sizeof(void*)))) = (uint8_t *) ((ret).reason).ptr;
  return ptr;
}
