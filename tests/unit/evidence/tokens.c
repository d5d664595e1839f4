/* Tokens, passwords, and the chain of the audit log. */
#include "src/evidence/tokens.h"
#include "src/evidence/audit_chain.h"
#include "src/evidence/digest.h"
#include "src/evidence/passwords.h"
#include "tests/support/kc_test.h"

#include <string.h>

START_TEST(tokens_differ_and_are_found_by_their_hash)
{
    KcToken a = kc_token_new(), b = kc_token_new();
    ck_assert_uint_eq(strlen(a.text), KC_TOKEN_LEN);
    ck_assert_str_ne(a.text, b.text);
    g_autofree char *hash = kc_token_hash(a.text);
    ck_assert_str_eq(hash, a.hash);
    ck_assert(kc_token_equal(a.hash, hash));
    ck_assert(!kc_token_equal(a.hash, b.hash));
    ck_assert(!kc_token_equal(a.hash, NULL));
    ck_assert(!kc_token_equal("a", "ab"));
}
END_TEST

static const char *const no_tokens[] = {NULL,
                                        "",
                                        "short",
                                        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA+",
                                        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
                                        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                                        "AAAAAAAAAAAAAAAAAAAA AAAAAAAAAAAAAAAAAAAAAA",
                                        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB" /* bits beyond the 32nd byte */};

START_TEST(what_is_no_token_has_no_hash)
{
    ck_assert_ptr_null(kc_token_hash(no_tokens[_i]));
}
END_TEST

START_TEST(passwords_verify)
{
    g_autofree char *hash = kc_password_hash("kuaichu-demo", KC_PASSWORD_COST_TEST);
    ck_assert(g_str_has_prefix(hash, "$argon2id$"));
    ck_assert(kc_password_verify(hash, "kuaichu-demo"));
    ck_assert(!kc_password_verify(hash, "kuaichu-demO"));
    ck_assert(!kc_password_verify(hash, ""));
    ck_assert(!kc_password_verify("no hash", "kuaichu-demo"));
    ck_assert(!kc_password_verify(NULL, "kuaichu-demo"));
    ck_assert(!kc_password_needs_rehash(hash, KC_PASSWORD_COST_TEST));
    ck_assert(kc_password_needs_rehash(hash, KC_PASSWORD_COST_NORMAL));
}
END_TEST

START_TEST(passwords_have_limits)
{
    g_autofree char *longest = g_strnfill(KC_PASSWORD_MAX_BYTES, 'x');
    g_autofree char *longer = g_strnfill(KC_PASSWORD_MAX_BYTES + 1, 'x');
    ck_assert_ptr_null(kc_password_problem("八个字的密码可以"));
    ck_assert_ptr_nonnull(kc_password_problem("seven c"));
    ck_assert_ptr_nonnull(kc_password_problem(NULL));
    ck_assert_ptr_nonnull(kc_password_problem("\xff\xff\xff\xff\xff\xff\xff\xff"));
    ck_assert_ptr_null(kc_password_problem(longest));
    ck_assert_ptr_nonnull(kc_password_problem(longer));
}
END_TEST

START_TEST(the_chain_is_plain_sha256)
{
    g_autofree char *joined = g_malloc0(32 + 9);
    guint8 first[32], second[32], expected[32];
    memcpy(joined + 32, "{\"seq\":1}", 9);
    kc_sha256(joined, 41, expected);
    kc_audit_chain_next(kc_audit_chain_start, "{\"seq\":1}", first);
    ck_assert_mem_eq(first, expected, 32);
    kc_audit_chain_next(first, "{\"seq\":2}", second);
    ck_assert(kc_audit_chain_check(first, "{\"seq\":2}", second));
    ck_assert(!kc_audit_chain_check(first, "{\"seq\":3}", second));
    ck_assert(!kc_audit_chain_check(kc_audit_chain_start, "{\"seq\":2}", second));
}
END_TEST

START_TEST(sha256_is_the_published_function)
{
    g_autofree char *abc = kc_sha256_hex("abc", 3);
    ck_assert_str_eq(abc, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}
END_TEST

static Suite *
tokens_suite(void)
{
    Suite *suite = suite_create("evidence/tokens");
    TCase *tc = tcase_create("tokens");
    tcase_set_timeout(tc, 30);
    tcase_add_test(tc, tokens_differ_and_are_found_by_their_hash);
    tcase_add_loop_test(tc, what_is_no_token_has_no_hash, 0, G_N_ELEMENTS(no_tokens));
    tcase_add_test(tc, passwords_verify);
    tcase_add_test(tc, passwords_have_limits);
    tcase_add_test(tc, the_chain_is_plain_sha256);
    tcase_add_test(tc, sha256_is_the_published_function);
    suite_add_tcase(suite, tc);
    return suite;
}

KC_TEST_MAIN(tokens_suite())
