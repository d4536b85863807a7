// Made by `make sdk-bindings` from wit/. Included by the one file that implements needs.
#pragma once
#include <prosody/bindings.h>
#include <prosody/memory.h>

__attribute__((__export_name__("prosody:policy/needs@0.1.5#needed")))
int32_t __wasm_export_exports_prosody_policy_needs_needed(void) {
  exports_prosody_policy_needs_facts_t ret = exports_prosody_policy_needs_needed();
  return ret;
}
