// Made by `make sdk-bindings` from wit/. Included by the one file that implements samples.
#pragma once
#include <prosody/bindings.h>
#include <prosody/memory.h>

__attribute__((__aligned__(8)))
static uint8_t prosody_samples_area[(24+4*sizeof(void*))];

__attribute__((__export_name__("cabi_post_prosody:policy/samples@0.1.5#show")))
void __wasm_export_exports_prosody_policy_samples_show_post_return(uint8_t * arg0) {
  (void) arg0;
  prosody_release_memory();
}

__attribute__((__export_name__("prosody:policy/samples@0.1.5#show")))
uint8_t * __wasm_export_exports_prosody_policy_samples_show(void) {
  exports_prosody_policy_samples_list_sample_t ret;
  exports_prosody_policy_samples_show(&ret);
  uint8_t *ptr = (uint8_t *) &prosody_samples_area;
  *((size_t*)(ptr + sizeof(void*))) = (ret).len;
  *((uint8_t **)(ptr + 0)) = (uint8_t *) (ret).ptr;
  return ptr;
}
