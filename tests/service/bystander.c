/* A call of two beside those of a test in browsers, in the service at port $KC_PORT: says "in" when both are in it, goes on
 * until its standard input ends, and prints how long nothing came to either at most, in ms. */
#include "tests/service/talk.h"
#include "tests/support/kc_test.h"

#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

static gboolean
input_ended(void)
{
    struct pollfd input = {STDIN_FILENO, POLLIN, 0};
    char byte;
    return poll(&input, 1, 0) > 0 && read(STDIN_FILENO, &byte, 1) <= 0;
}

START_TEST(a_call_beside)
{
    const Service service = {.port = (guint16)atoi(g_getenv("KC_PORT"))};
    g_autoptr(GArray) clip = clip_new();
    g_autofree char *admin = admin_sign_in(&service), *officer = officer_new(&service, admin, (guint)getpid());
    g_autoptr(GPtrArray) talks = g_ptr_array_new_with_free_func((GDestroyNotify)talk_free);
    Talk *talk = talk_new(&service, clip, admin, officer);
    g_ptr_array_add(talks, talk);
    talk_join(talk);
    talks_go_on(talks, G_USEC_PER_SEC);
    for (guint side = 0; side < 2; side++)
        talk->sides[side].longest_us = 0;
    printf("in\n");
    fflush(stdout);
    while (!input_ended())
        talks_go_on(talks, 50 * 1000);
    printf("longest %d %d\n", (int)(talk->sides[0].longest_us / 1000), (int)(talk->sides[1].longest_us / 1000));
    fflush(stdout);
    talk_leave(talk);
}
END_TEST

static Suite *
bystander_suite(void)
{
    Suite *suite = suite_create("bystander");
    TCase *tcase = tcase_create("bystander");
    tcase_set_timeout(tcase, 0);
    tcase_add_test(tcase, a_call_beside);
    suite_add_tcase(suite, tcase);
    return suite;
}

KC_TEST_MAIN(bystander_suite())
