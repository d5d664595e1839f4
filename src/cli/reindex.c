#include "src/cli/reindex.h"

#include "src/app/reindex.h"

#include <stdio.h>
#include <stdlib.h>

int
kc_cli_reindex(KcApp *app, gboolean anew)
{
    gint64 done = 0;
    g_autoptr(GError) error = NULL;
    if ((anew && !kc_app_reset_index(app, &error)) || !kc_app_reindex(app, 0, &done, &error)) {
        g_printerr("kuaichu: %s\n", error->message);
        return EXIT_FAILURE;
    }
    printf("%" G_GINT64_FORMAT " cases were indexed; every case can be found.\n", done);
    return EXIT_SUCCESS;
}
