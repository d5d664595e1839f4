/* schema/openapi.yaml as JSON text, made at build time. */
#pragma once

extern const char kc_contract_json[];
