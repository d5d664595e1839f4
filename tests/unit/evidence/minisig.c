/* Signatures of Debian's minisign 0.11, both kinds, and our own: each part of which counts. */
#include "src/evidence/minisig.h"
#include "tests/support/kc_test.h"

#include <string.h>

#define PUBLIC_LINE "RWTshbdulwfKBOm+Y9b+6lFRGXHgvdl+tXmFOP+Z+Z+U5xX/T82Z5P42"
#define PUBLIC "untrusted comment: minisign public key 4CA07976EB785EC\n" PUBLIC_LINE "\n"
#define TEXT "one text\n"

static const char hashed[] =
    "untrusted comment: signature from minisign secret key\n"
    "RUTshbdulwfKBIpxmUYUTkPemi+fNlEtwMRBkendKagk5SG87ctkoZSq4KP0zjYibsAY53kipGmrlqgAMHIbYN5TtQtnm76O"
    "AgM=\n"
    "trusted comment: a trusted comment\n"
    "tdRdClnd+cONbGCl5/LbotRdM6Adnqz56VhP86jYI+k5lieZzn/Ig3Ga4XCyDvSi5WSANAet8ZmC57SU/ZYKDQ==\n";
static const char legacy[] =
    "untrusted comment: signature from minisign secret key\n"
    "RWTshbdulwfKBArveV624vse2I8TNoZvtOlFlhpueW1/NjpNntf9bRhb6T1ZtWWwscsPFNESSjHIn4u2/SXk6p5nam+VQ+Iq"
    "cAQ=\n"
    "trusted comment: legacy\n"
    "U/amB4cgE2aWmSczDOS+19/xvYx9UsJ+qZa9rX2UBgxYPjQrfk+PjgVfG+Jl3wJJQ2mtGEGcTBqHWJYAK+8TDw==\n";

START_TEST(checks_what_the_program_signed)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *one = kc_minisig_check(hashed, PUBLIC, TEXT, strlen(TEXT), &error);
    kc_assert_no_error(error);
    g_autofree char *other = kc_minisig_check(legacy, PUBLIC_LINE, TEXT, strlen(TEXT), &error);
    kc_assert_no_error(error);
    g_autofree char *id = kc_minisig_key_id(PUBLIC, &error);
    ck_assert_str_eq(one, "a trusted comment");
    ck_assert_str_eq(other, "legacy");
    ck_assert_str_eq(id, "4CA07976EB785EC");
}
END_TEST

static void
assert_wrong(const char *signature, const char *text, KcMinisigError wanted)
{
    g_autoptr(GError) error = NULL;
    char *comment = kc_minisig_check(signature, PUBLIC, text, strlen(text), &error);
    ck_assert_ptr_null(comment);
    ck_assert_msg(g_error_matches(error, KC_MINISIG_ERROR, (gint)wanted), "%s", error->message);
}

START_TEST(what_was_changed_is_found)
{
    g_autofree char *comment = g_strdup(hashed), *id = g_strdup(hashed), *cut = g_strndup(hashed, strlen(hashed) - 5);
    *strstr(comment, "a trusted") = 'A';
    id[strcspn(hashed, "\n") + 1 + 4] ^= 2;
    assert_wrong(hashed, "another text\n", KC_MINISIG_ERROR_FORGED);
    assert_wrong(comment, TEXT, KC_MINISIG_ERROR_FORGED);
    assert_wrong(id, TEXT, KC_MINISIG_ERROR_OTHER_KEY);
    assert_wrong(cut, TEXT, KC_MINISIG_ERROR_MALFORMED);
    assert_wrong("", TEXT, KC_MINISIG_ERROR_MALFORMED);
    g_autoptr(GError) error = NULL;
    ck_assert_ptr_null(kc_minisig_key_id("RWQ=", &error));
    ck_assert(g_error_matches(error, KC_MINISIG_ERROR, KC_MINISIG_ERROR_MALFORMED));
}
END_TEST

START_TEST(signs_what_it_checks)
{
    const guint8 seed[KC_MINISIG_SEED_LEN] = {1, 2, 3};
    g_autoptr(KcMinisigner) signer = kc_minisigner_new(seed);
    g_autoptr(GError) error = NULL;
    g_autofree char *public = kc_minisigner_public(signer);
    g_autofree char *signature = kc_minisign(signer, TEXT, strlen(TEXT), "案件 one");
    g_autofree char *comment = kc_minisig_check(signature, public, TEXT, strlen(TEXT), &error);
    kc_assert_no_error(error);
    ck_assert_str_eq(comment, "案件 one");
}
END_TEST

static Suite *
minisig_suite(void)
{
    Suite *suite = suite_create("evidence/minisig");
    TCase *all = tcase_create("minisig");
    tcase_add_test(all, checks_what_the_program_signed);
    tcase_add_test(all, what_was_changed_is_found);
    tcase_add_test(all, signs_what_it_checks);
    suite_add_tcase(suite, all);
    return suite;
}

KC_TEST_MAIN(minisig_suite())
