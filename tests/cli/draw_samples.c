/* Lets some days pass in a service's folder, whose service has ended: what is due by then is drawn, as housekeeping would.
 * tests/e2e/blind.test.mjs can't wait for Monday. An empty folder becomes one with the demo accounts.
 *
 *     draw_samples DATA_DIR DAYS */
#include "src/app/samples.h"
#include "src/base/timestamp.h"

#include <stdio.h>
#include <stdlib.h>

static gint64
later(gpointer days)
{
    return kc_timestamp_now_us() + GPOINTER_TO_INT(days) * G_TIME_SPAN_DAY;
}

int
main(int argc, char **argv)
{
    g_autoptr(GError) error = NULL;
    if (argc != 3)
        return 2;
    const KcAppOptions options = {.data_dir = argv[1],
                                  .text_only = TRUE,
                                  .exclusive = TRUE,
                                  .demo = TRUE,
                                  .now_us = later,
                                  .clock_data = GINT_TO_POINTER(atoi(argv[2]))};
    g_autoptr(KcApp) app = kc_app_new(&options, &error);
    if (app != NULL && kc_app_draw_samples(app, &error))
        return EXIT_SUCCESS;
    fprintf(stderr, "draw_samples: %s\n", error->message);
    return EXIT_FAILURE;
}
