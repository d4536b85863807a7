// Made by `make sdk-bindings` from wit/. Included by the one file that implements exemptions.
#pragma once
#include <prosody/bindings.h>
#include <prosody/memory.h>

__attribute__((__aligned__(8)))
static uint8_t prosody_exemptions_area[(24+4*sizeof(void*))];

__attribute__((__export_name__("cabi_post_prosody:policy/exemptions@0.1.5#exempt")))
void __wasm_export_exports_prosody_policy_exemptions_exempt_post_return(uint8_t * arg0) {
  (void) arg0;
  prosody_release_memory();
}

__attribute__((__export_name__("prosody:policy/exemptions@0.1.5#exempt")))
uint8_t * __wasm_export_exports_prosody_policy_exemptions_exempt(void) {
  exports_prosody_policy_exemptions_list_exemption_t ret;
  exports_prosody_policy_exemptions_exempt(&ret);
  uint8_t *ptr = (uint8_t *) &prosody_exemptions_area;
  *((size_t*)(ptr + sizeof(void*))) = (ret).len;
  *((uint8_t **)(ptr + 0)) = (uint8_t *) (ret).ptr;
  return ptr;
}
