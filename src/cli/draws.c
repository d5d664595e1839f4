#include "src/cli/draws.h"

#include "src/app/draws.h"

#include <stdio.h>
#include <stdlib.h>

int
kc_cli_draws_verify(KcApp *app)
{
    g_auto(KcDrawsCheck) check = {0};
    g_autoptr(GError) error = NULL;
    if (!kc_app_verify_draws(app, &check, &error)) {
        g_printerr("kuaichu: %s\n", error->message);
        return EXIT_FAILURE;
    }
    if (check.problem != NULL) {
        g_printerr("kuaichu: %s\n", check.problem);
        return EXIT_FAILURE;
    }
    printf("%" G_GINT64_FORMAT " draws are right: each comes to the same again, and was committed to before.\n",
           check.draws);
    return EXIT_SUCCESS;
}
