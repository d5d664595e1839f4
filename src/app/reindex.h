/* The index of what cases are found by (src/store/search_index.h), for cases that lack it. */
#pragma once

#include "src/app/app.h"

/* Until none lacks it, or `until_us` of the monotonic clock (0: no end) has come; goes on where it stopped. Owes nobody
 * an answer: what is found meanwhile is only not all. Cases that can't be read are passed over, and the log of the service
 * names them. Both numbers may be NULL. */
gboolean kc_app_reindex(KcApp *app, gint64 until_us, gint64 *ret_done, gint64 *ret_passed_over, GError **error);
/* Begins anew, e.g. after the master key was changed. */
gboolean kc_app_reset_index(KcApp *app, GError **error);
