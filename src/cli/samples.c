#include "src/cli/samples.h"

#include "src/app/samples.h"

#include <stdio.h>
#include <stdlib.h>

int
kc_cli_samples_verify(KcApp *app)
{
    g_auto(KcSamplesCheck) check = {0};
    g_autoptr(GError) error = NULL;
    if (!kc_app_verify_samples(app, &check, &error)) {
        g_printerr("kuaichu: %s\n", error->message);
        return EXIT_FAILURE;
    }
    if (check.problem != NULL) {
        g_printerr("kuaichu: %s\n", check.problem);
        return EXIT_FAILURE;
    }
    printf("%" G_GINT64_FORMAT " samples of %" G_GINT64_FORMAT
           " cases are right: each comes to the same again from the log, "
           "and was committed to before its week ended.\n",
           check.samples, check.cases);
    return EXIT_SUCCESS;
}
