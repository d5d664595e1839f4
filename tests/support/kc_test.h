/* What every Check program of this project starts with.
 *
 * A test file defines `static Suite *x_suite(void)` and ends in `KC_TEST_MAIN(x_suite())`. Temporary folders live
 * under $TMPDIR and are removed by the test that made them. */
#pragma once

#include <check.h>
#include <glib.h>

/* Runs a suite with CK_NORMAL output. Check forks each test, which is why leaks are looked for in each of them. */
int kc_test_run(Suite *suite);

/* A fresh folder of mode 0700; free with kc_test_dir_remove, which deletes everything in it. */
char *kc_test_dir_new(void);
void kc_test_dir_remove(char *dir);

/* A folder (as kc_test_dir_new) with the files of the folder `source` and of its folders, but of `file`, named from there
 * ("desk.json"), the first `from` is replaced by `to`. NULL: none is changed. */
char *kc_test_dir_copy(const char *source, const char *file, const char *from, const char *to);

/* What another program, found in PATH, writes to its standard output; owned text. Fails the test unless it ends well.
 * `ret_errors`: what it writes to its standard error, or NULL. What is preloaded into the test, is not into the program:
 * ThreadSanitizer's runtime does not run in every program that was built without it. */
char *kc_test_output(const char *const *argv, char **ret_errors);

/* Fails the test with the message of an unexpected error, and frees the error. */
#define kc_assert_no_error(err)                                                                                        \
    do {                                                                                                               \
        if ((err) != NULL)                                                                                             \
            ck_abort_msg("unexpected error: %s", (err)->message);                                                      \
    } while (0)

/* Two long texts are the same; if not, says where they part, which Check's own message is too short for. */
void kc_assert_same_text(const char *one, const char *other);

#define KC_TEST_MAIN(suite)                                                                                            \
    int main(void)                                                                                                     \
    {                                                                                                                  \
        return kc_test_run(suite);                                                                                     \
    }
