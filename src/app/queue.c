/* Waiting for an officer: join, leave, look. */
#include "src/app/queue.h"
#include "src/app/internal.h"
#include "src/store/user_store.h"

static gboolean
queue_changed(KcChange *change, KcTx *tx, KcCaseRow *row, GError **error)
{
    return kc_app_emit(tx, "queue.changed", NULL, "desk", NULL, change->now_us, NULL, error);
}

static gboolean
check_joined(KcChange *change, KcTx *tx, KcCaseRow *row, KcResult *result, GError **error)
{
    change->skip = strcmp(row->state, "waiting") == 0;
    return TRUE;
}

gboolean
kc_app_join_queue(KcApp *app, const KcPrincipal *who, const char *case_id, KcQueuePlace *ret_place, KcResult *result,
                  GError **error)
{
    g_autoptr(KcCaseView) view = NULL;
    KcChange change = {
        .app = app,
        .who = who,
        .case_id = case_id,
        .action = KC_ACTION_QUEUE,
        .event = KC_CASE_QUEUE,
        .log_kind = "case.queued",
        .check = check_joined,
        .finish = queue_changed,
    };
    if (!kc_app_change_case(&change, &view, result, error))
        return FALSE;
    kc_app_draw_at_once(app);
    /* An officer may have claimed it since. */
    *ret_place = (KcQueuePlace){MAX(view->queue_position, 1), view->expected_wait_s};
    return TRUE;
}

static gboolean
check_left(KcChange *change, KcTx *tx, KcCaseRow *row, KcResult *result, GError **error)
{
    change->skip = strcmp(row->state, "triaged") == 0;
    return TRUE;
}

static gboolean
finish_left(KcChange *change, KcTx *tx, KcCaseRow *row, GError **error)
{
    row->queued_us = 0;
    return queue_changed(change, tx, row, error);
}

gboolean
kc_app_leave_queue(KcApp *app, const KcPrincipal *who, const char *case_id, KcResult *result, GError **error)
{
    KcChange change = {
        .app = app,
        .who = who,
        .case_id = case_id,
        .action = KC_ACTION_QUEUE,
        .event = KC_CASE_LEAVE_QUEUE,
        .log_kind = "case.unqueued",
        .check = check_left,
        .finish = finish_left,
    };
    return kc_app_change_case(&change, NULL, result, error);
}

static void
queue_item_free(gpointer data)
{
    KcQueueItem *item = data;
    kc_case_view_free(item->view);
    g_free(item);
}

void
kc_queue_clear(KcQueue *queue)
{
    g_clear_pointer(&queue->items, g_ptr_array_unref);
    *queue = (KcQueue){0};
}

typedef struct {
    KcApp *app;
    const KcPrincipal *who;
    KcQueue *queue;
} ListQueue;

static gboolean
count_seats(ListQueue *self, KcTx *tx, GError **error)
{
    g_autoptr(GPtrArray) users = kc_user_store_list(tx, error);
    if (users == NULL)
        return FALSE;
    for (guint i = 0; i < users->len; i++) {
        const KcUser *user = users->pdata[i];
        KcRole role;
        gboolean claims = kc_role_from_string(user->role, &role) && kc_role_may(role, KC_ACTION_CLAIM);
        self->queue->seats += claims && !user->disabled;
    }
    g_autoptr(GPtrArray) legs = kc_call_table_list(self->app->calls, NULL);
    for (guint i = 0; i < legs->len; i++)
        self->queue->seats_busy +=
            strcmp(((KcLeg *)legs->pdata[i])->kind, "user") == 0 && !((KcLeg *)legs->pdata[i])->listens;
    return TRUE;
}

static gboolean
add_item(ListQueue *self, KcTx *tx, KcCaseRow *row, GError **error)
{
    KcQueueItem *item = g_new0(KcQueueItem, 1);
    item->waiting_s = MAX(0, kc_app_now(self->app) - row->queued_us) / G_USEC_PER_SEC;
    g_ptr_array_add(self->queue->items, item);
    return kc_app_load_view(self->app, tx, self->who, row, TRUE, &item->view, error);
}

static gboolean
list_queue(KcTx *tx, gpointer data, GError **error)
{
    ListQueue *self = data;
    const char *const *counties = (const char *const *)self->who->counties;
    g_autoptr(GPtrArray) rows =
        kc_case_store_queue(tx, counties != NULL && counties[0] != NULL ? counties : NULL, error);
    if (rows == NULL)
        return FALSE;
    while (rows->len > 0) {
        if (!add_item(self, tx, g_ptr_array_steal_index(rows, 0), error))
            return FALSE;
    }
    return count_seats(self, tx, error);
}

gboolean
kc_app_list_queue(KcApp *app, const KcPrincipal *who, KcQueue *ret_queue, KcResult *result, GError **error)
{
    if (!kc_app_check_role(who, KC_ACTION_READ_QUEUE, result))
        return FALSE;
    ListQueue self = {app, who, ret_queue};
    ret_queue->items = g_ptr_array_new_with_free_func(queue_item_free);
    return kc_app_read(app, list_queue, &self, result, error);
}
