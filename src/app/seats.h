/* The seats of the desk: who is free, what each has in hand, and how long callers waited today. */
#pragma once

#include "src/app/app.h"
#include "src/domain/seats.h"

typedef struct {
    char *user_id, *name, *badge_number;
    KcRole role;
    GStrv counties; /* empty: all */
    KcSeatStatus status;
    gboolean has_said;
    KcSeatStatus said;
    gint64 since_us; /* of the status; 0: unknown */
    gint64 seen_us;  /* 0: not since the service began */
    gboolean in_call;
    char *case_id, *case_number, *case_state; /* in hand; NULL: none */
    gint64 claimed_us;
} KcSeatView;

void kc_seat_view_free(KcSeatView *view);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcSeatView, kc_seat_view_free)

/* Of the caller's own seat. */
gboolean kc_app_set_seat(KcApp *app, const KcPrincipal *who, KcSeatStatus said, KcSeatView **ret_view, KcResult *result,
                         GError **error);

/* of KcSeatView, by name: every account that may take a case and shares a county with the caller */
gboolean kc_app_list_seats(KcApp *app, const KcPrincipal *who, GPtrArray **ret_views, KcResult *result, GError **error);

typedef struct {
    char *day; /* YYYY-MM-DD at the centre */
    KcSpread answer, clear, close;
    gint64 waiting;
    gint64 longest_wait_s; /* 0: nobody waits */
} KcDeskDay;
void kc_desk_day_clear(KcDeskDay *day);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(KcDeskDay, kc_desk_day_clear)

/* Of cases that were opened today, in the caller's counties. */
gboolean kc_app_desk_today(KcApp *app, const KcPrincipal *who, KcDeskDay *ret_day, KcResult *result, GError **error);
