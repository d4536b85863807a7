// Made by `make sdk-bindings` from wit/. Included by the one file that implements message-policy.
#pragma once
#include <prosody/bindings.h>
#include <prosody/memory.h>

__attribute__((__aligned__(8)))
static uint8_t prosody_message_policy_area[(24+4*sizeof(void*))];

__attribute__((__export_name__("cabi_post_prosody:policy/message-policy@0.1.5#wants")))
void __wasm_export_exports_prosody_policy_message_policy_wants_post_return(uint8_t * arg0) {
  (void) arg0;
  prosody_release_memory();
}

__attribute__((__export_name__("cabi_post_prosody:policy/message-policy@0.1.5#decide")))
void __wasm_export_exports_prosody_policy_message_policy_decide_post_return(uint8_t * arg0) {
  (void) arg0;
  prosody_release_memory();
}

__attribute__((__export_name__("prosody:policy/message-policy@0.1.5#wants")))
uint8_t * __wasm_export_exports_prosody_policy_message_policy_wants(void) {
  exports_prosody_policy_message_policy_list_want_t ret;
  exports_prosody_policy_message_policy_wants(&ret);
  uint8_t *ptr = (uint8_t *) &prosody_message_policy_area;
  *((size_t*)(ptr + sizeof(void*))) = (ret).len;
  *((uint8_t **)(ptr + 0)) = (uint8_t *) (ret).ptr;
  return ptr;
}

__attribute__((__export_name__("prosody:policy/message-policy@0.1.5#decide")))
uint8_t * __wasm_export_exports_prosody_policy_message_policy_decide(int32_t arg, int32_t arg0, int32_t arg1, int32_t arg2) {
  exports_prosody_policy_message_policy_passage_t arg3 = (prosody_policy_types_passage_t) {
    (prosody_policy_types_stanza_kind_t) arg,
    (prosody_policy_types_direction_t) arg0,
    (prosody_policy_types_party_t) arg1,
    (prosody_policy_types_party_t) arg2,
  };
  exports_prosody_policy_message_policy_decision_t ret;
  exports_prosody_policy_message_policy_decide(&arg3, &ret);
  uint8_t *ptr = (uint8_t *) &prosody_message_policy_area;
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
      const prosody_policy_types_bounce_t *payload5 = &((ret).verdict).val.bounce;
      *((int8_t*)(ptr + 0)) = 2;
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
