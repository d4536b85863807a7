// Made by `make sdk-bindings` from wit/. Included by the one file that implements room-policy.
#pragma once
#include <prosody/bindings.h>
#include <prosody/memory.h>

__attribute__((__aligned__(8)))
static uint8_t prosody_room_policy_area[(24+4*sizeof(void*))];

__attribute__((__export_name__("cabi_post_prosody:policy/room-policy@0.1.5#settle")))
void __wasm_export_exports_prosody_policy_room_policy_settle_post_return(uint8_t * arg0) {
  (void) arg0;
  prosody_release_memory();
}

__attribute__((__export_name__("prosody:policy/room-policy@0.1.5#settle")))
uint8_t * __wasm_export_exports_prosody_policy_room_policy_settle(uint8_t * arg, size_t arg0, int32_t arg1, int32_t arg2, uint8_t * arg3, size_t arg4) {
  policy_option_string_t option;
  switch (arg2) {
    case 0: {
      option.is_some = false;
      break;
    }
    case 1: {
      option.is_some = true;
      option.val = (policy_string_t) { (uint8_t*)(arg3), (arg4) };
      break;
    }
  }
  exports_prosody_policy_room_policy_room_t arg5 = (exports_prosody_policy_room_policy_room_t) {
    (policy_string_t) (policy_string_t) { (uint8_t*)(arg), (arg0) },
    (exports_prosody_policy_room_policy_occasion_t) arg1,
    (policy_option_string_t) option,
  };
  exports_prosody_policy_room_policy_ruling_t ret;
  exports_prosody_policy_room_policy_settle(&arg5, &ret);
  uint8_t *ptr = (uint8_t *) &prosody_room_policy_area;
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
      const exports_prosody_policy_room_policy_bounce_t *payload7 = &((ret).verdict).val.refuse;
      *((int8_t*)(ptr + 0)) = 2;
      *((int8_t*)(ptr + sizeof(void*))) = (int32_t) (*payload7).error_type;
      *((int8_t*)(ptr + (1+1*sizeof(void*)))) = (int32_t) (*payload7).condition;
      *((size_t*)(ptr + (3*sizeof(void*)))) = ((*payload7).text).len;
      *((uint8_t **)(ptr + (2*sizeof(void*)))) = (uint8_t *) ((*payload7).text).ptr;
      break;
    }
  }
  *((size_t*)(ptr + (5*sizeof(void*)))) = ((ret).reason).len;
  *((uint8_t **)(ptr + (4*sizeof(void*)))) = (uint8_t *) ((ret).reason).ptr;
  return ptr;
}
