/* The queue: wait, take, give back. */
#pragma once

#include "src/app/cases.h"

typedef struct {
    gint64 position; /* 1: the next */
    gint64 expected_wait_s;
} KcQueuePlace;

/* By the party. Waiting already gives the same place again. */
gboolean kc_app_join_queue(KcApp *app, const KcPrincipal *who, const char *case_id, KcQueuePlace *ret_place,
                           KcResult *result, GError **error);
gboolean kc_app_leave_queue(KcApp *app, const KcPrincipal *who, const char *case_id, KcResult *result, GError **error);

typedef struct {
    KcCaseView *view; /* summary, with queue_position */
    gint64 waiting_s;
} KcQueueItem;

typedef struct {
    GPtrArray *items;  /* KcQueueItem, in the order in which they are to be served */
    gint64 seats;      /* accounts that may take a case */
    gint64 seats_busy; /* of them in a live call */
} KcQueue;
void kc_queue_clear(KcQueue *queue);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(KcQueue, kc_queue_clear)

gboolean kc_app_list_queue(KcApp *app, const KcPrincipal *who, KcQueue *ret_queue, KcResult *result, GError **error);

/* By the desk. Two who claim at once: one gets it, the other KC_RESULT_STATE. The officer's own claim again changes
 * nothing. */
gboolean kc_app_claim_case(KcApp *app, const KcPrincipal *who, const char *case_id, gint64 expected_version,
                           KcCaseView **ret_case, KcResult *result, GError **error);
gboolean kc_app_release_case(KcApp *app, const KcPrincipal *who, const char *case_id, gint64 expected_version,
                             KcCaseView **ret_case, KcResult *result, GError **error);
