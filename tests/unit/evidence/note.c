/* Signed notes against the published example of Go's sumdb/note, whose key and signature stand in its documentation;
 * cosignatures; checkpoints; and everything that is none of them. */
#include "src/evidence/note.h"
#include "src/evidence/checkpoint.h"
#include "tests/support/kc_test.h"

#include <string.h>

#define PETER "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
#define PETER_SECRET "AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz" /* 0x01, then the seed */
#define PETER_LINE \
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
#define TEXT "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"

static KcNoteSigner *
signer(const char *name, KcNoteKeyType type)
{
    gsize len;
    g_autofree guint8 *secret = g_base64_decode(PETER_SECRET, &len);
    KcNoteSigner *made = kc_note_signer_new(name, type, secret + 1, NULL);
    ck_assert_uint_eq(len, 1 + KC_NOTE_SEED_LEN);
    ck_assert_ptr_nonnull(made);
    return made;
}

static KcNoteVerifier *
verifier(const char *published)
{
    g_autoptr(GError) error = NULL;
    KcNoteVerifier *made = kc_note_verifier_new(published, &error);
    kc_assert_no_error(error);
    return made;
}

START_TEST(signs_as_the_published_example)
{
    g_autoptr(KcNoteSigner) peter = signer("PeterNeumann", KC_NOTE_ED25519);
    g_autofree char *published = kc_note_signer_public(peter);
    g_autofree char *line = kc_note_sign(peter, TEXT, 0);
    ck_assert_str_eq(published, PETER);
    ck_assert_str_eq(line, PETER_LINE);
}
END_TEST

START_TEST(opens_the_published_example)
{
    g_autoptr(KcNoteVerifier) peter = verifier(PETER);
    g_autofree char *text = kc_note_open(TEXT "\n" PETER_LINE, peter, NULL, NULL);
    g_autofree char *after_others = kc_note_open(TEXT "\n— EnochRoot AAAAAA==\n" PETER_LINE, peter, NULL, NULL);
    ck_assert_str_eq(text, TEXT);
    ck_assert_str_eq(after_others, TEXT);
}
END_TEST

static const struct {
    const char *note;
    KcNoteError code;
} no_notes[] = {
    {"", KC_NOTE_ERROR_MALFORMED},
    {TEXT, KC_NOTE_ERROR_MALFORMED},
    {TEXT PETER_LINE, KC_NOTE_ERROR_MALFORMED},
    {TEXT "\n— PeterNeumann x08go/ZJ", KC_NOTE_ERROR_MALFORMED}, /* no newline at the end */
    {TEXT "\n" PETER_LINE "and more\n", KC_NOTE_ERROR_MALFORMED},
    {TEXT "\xff\n\n" PETER_LINE, KC_NOTE_ERROR_MALFORMED},
    {TEXT "\n— PeterNeumann AAAAAA==\n", KC_NOTE_ERROR_UNSIGNED}, /* of his name, by another key */
    {TEXT "\n— EnochRoot AAAAAA==\n", KC_NOTE_ERROR_UNSIGNED},
    {TEXT "\n— PeterNeumann x08gow==\n", KC_NOTE_ERROR_FORGED}, /* too short */
    {"A" TEXT "\n" PETER_LINE, KC_NOTE_ERROR_FORGED},
};

START_TEST(opens_nothing_else)
{
    g_autoptr(KcNoteVerifier) peter = verifier(PETER);
    g_autoptr(GError) error = NULL;
    ck_assert_ptr_null(kc_note_open(no_notes[_i].note, peter, NULL, &error));
    ck_assert_msg(g_error_matches(error, KC_NOTE_ERROR, no_notes[_i].code), "%s", error->message);
}
END_TEST

/* Every byte of key and note counts. */
START_TEST(finds_every_flipped_byte)
{
    g_autoptr(KcNoteVerifier) peter = verifier(PETER);
    char note[] = TEXT "\n" PETER_LINE, key[] = PETER;
    for (gsize i = 0; i < strlen(note); i++) {
        note[i] ^= 1;
        g_autofree char *text = kc_note_open(note, peter, NULL, NULL);
        ck_assert_msg(text == NULL || i >= strlen(note) - 2, "byte %zu", i); /* unused bits of the base64's end */
        note[i] ^= 1;
    }
    for (gsize i = 0; i < strlen(key); i++) {
        key[i]++;
        ck_assert_msg(kc_note_verifier_new(key, NULL) == NULL, "byte %zu", i);
        key[i]--;
    }
}
END_TEST

static const char *const no_names[] = {"", "a b", "a+b", "a\n", "\xc2\xa0", "\xff"};

START_TEST(refuses_names)
{
    guint8 seed[KC_NOTE_SEED_LEN] = {0};
    ck_assert_ptr_null(kc_note_signer_new(no_names[_i], KC_NOTE_ED25519, seed, NULL));
}
END_TEST

START_TEST(a_cosignature_holds_its_time)
{
    g_autoptr(KcNoteSigner) witness = signer("witness.example", KC_NOTE_COSIGNATURE_V1);
    g_autofree char *published = kc_note_signer_public(witness);
    g_autoptr(KcNoteVerifier) known = verifier(published);
    g_autofree char *line = kc_note_sign(witness, TEXT, 1764000000);
    g_autofree char *later = kc_note_sign(witness, TEXT, 1764000001);
    g_autofree char *note = g_strconcat(TEXT "\n", line, NULL);
    gint64 time_s = 0;
    g_autofree char *text = kc_note_open(note, known, &time_s, NULL);
    ck_assert_str_eq(text, TEXT);
    ck_assert_int_eq(time_s, 1764000000);
    ck_assert_str_ne(line, later);

    /* The time is part of what is signed. */
    gsize len, prefix = strlen("— witness.example ");
    g_autofree guint8 *bytes = g_base64_decode(g_strchomp(line) + prefix, &len);
    bytes[11] ^= 1;
    g_autofree char *base64 = g_base64_encode(bytes, len);
    g_autofree char *moved = g_strdup_printf(TEXT "\n— witness.example %s\n", base64);
    g_autoptr(GError) error = NULL;
    ck_assert_ptr_null(kc_note_open(moved, known, NULL, &error));
    ck_assert(g_error_matches(error, KC_NOTE_ERROR, KC_NOTE_ERROR_FORGED));
}
END_TEST

/* From the specification of checkpoints. */
#define CHECKPOINT "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"

START_TEST(checkpoints_come_back)
{
    g_auto(KcCheckpoint) checkpoint = {0};
    ck_assert(kc_checkpoint_parse(CHECKPOINT, &checkpoint, NULL));
    g_autofree char *text = kc_checkpoint_text(&checkpoint);
    ck_assert_str_eq(checkpoint.origin, "example.com/behind-the-sofa");
    ck_assert_uint_eq(checkpoint.size, 20852163);
    ck_assert_str_eq(text, CHECKPOINT);
}
END_TEST

static const char *const no_checkpoints[] = {
    "",
    "\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
    "a\n-1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
    "a\n01\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
    "a\n99999999999999999999\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
    "a\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=", /* no newline */
    "a\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxqw==\n",
    "a\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2J=\n", /* not how these bytes are written */
    "a\n1\n",
};

START_TEST(nothing_else_is_a_checkpoint)
{
    g_auto(KcCheckpoint) checkpoint = {0};
    g_autoptr(GError) error = NULL;
    ck_assert(!kc_checkpoint_parse(no_checkpoints[_i], &checkpoint, &error));
    ck_assert(g_error_matches(error, KC_NOTE_ERROR, KC_NOTE_ERROR_MALFORMED));
}
END_TEST

static Suite *
note_suite(void)
{
    Suite *suite = suite_create("evidence/note");
    TCase *tc = tcase_create("note");
    tcase_set_timeout(tc, 30);
    tcase_add_test(tc, signs_as_the_published_example);
    tcase_add_test(tc, opens_the_published_example);
    tcase_add_loop_test(tc, opens_nothing_else, 0, G_N_ELEMENTS(no_notes));
    tcase_add_test(tc, finds_every_flipped_byte);
    tcase_add_loop_test(tc, refuses_names, 0, G_N_ELEMENTS(no_names));
    tcase_add_test(tc, a_cosignature_holds_its_time);
    tcase_add_test(tc, checkpoints_come_back);
    tcase_add_loop_test(tc, nothing_else_is_a_checkpoint, 0, G_N_ELEMENTS(no_checkpoints));
    suite_add_tcase(suite, tc);
    return suite;
}

KC_TEST_MAIN(note_suite())
