/* A reply in one of two forms: JSON, or another that ?format= or Accept asks for. */
#pragma once

#include "src/http/request.h"

typedef enum { KC_FORM_JSON, KC_FORM_SECOND, KC_FORM_NONE } KcForm;

#define KC_CSV_TYPE "text/csv; charset=utf-8"

/* ?format= before Accept. `second`: its name, `type`: its media type. KC_FORM_NONE leaves a refusal. */
KcForm kc_http_form(KcHttpRequest *request, const char *second, const char *type, KcHttpReply **ret_refusal);

/* Takes `bytes`; as a file of that name. */
KcHttpReply *kc_http_file_reply(const char *type, GBytes *bytes, const char *name);

/* Texts of a query are bytes; what is no UTF-8 is nothing that we know. */
const char *kc_http_query_text(KcHttpRequest *request, const char *name);
