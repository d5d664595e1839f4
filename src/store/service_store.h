/* Records of service, written once, and when a party's own link first fetched a document; triggers refuse a change. */
#pragma once

#include "src/store/db.h"

typedef struct {
    char *id, *case_id, *document_id, *party_id;
    char *way;      /* electronic paper refused */
    char *delivery; /* of paper: handed posted; else NULL */
    char *sha256;   /* of the text that was served */
    char *pdf_sha256;
    gint64 served_us; /* limits run from here */
    gint64 recorded_us;
    char *recorded_by; /* user id; NULL: the party itself */
    char *note;        /* sealed; or NULL */
} KcService;

void kc_service_free(KcService *service);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcService, kc_service_free)

/* KC_STORE_ERROR_CONFLICT: it was served on this party already. */
gboolean kc_service_store_insert(KcTx *tx, const KcService *service, GError **error);
/* NULL in `*ret_service`: not served on this party yet. */
gboolean kc_service_store_get(KcTx *tx, const char *document_id, const char *party_id, KcService **ret_service,
                              GError **error);
/* of KcService, by time; `document_id` NULL: of every document of the case */
GPtrArray *kc_service_store_list(KcTx *tx, const char *case_id, const char *document_id, GError **error);

typedef struct {
    char *document_id, *party_id, *case_id;
    char *sha256; /* of the bytes that were sent */
    gint64 opened_us;
} KcOpening;

void kc_opening_free(KcOpening *opening);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcOpening, kc_opening_free)

/* The first one stays; `*ret_first`: this is it. */
gboolean kc_opening_store_add(KcTx *tx, const KcOpening *opening, gboolean *ret_first, GError **error);
/* NULL in `*ret_opening`: it has not been opened yet. */
gboolean kc_opening_store_get(KcTx *tx, const char *document_id, const char *party_id, KcOpening **ret_opening,
                              GError **error);
