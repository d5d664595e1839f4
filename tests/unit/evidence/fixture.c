#include "tests/unit/evidence/fixture.h"

#include <fcntl.h>

const guint8 fixture_key[KC_KEY_LEN] = "the key of the test's object, 32";
const guint8 fixture_other_key[KC_KEY_LEN] = "the key of another test's object";

guint8
fixture_byte(guint64 i)
{
    return (guint8)(i * 31 + i / 251);
}

GBytes *
fixture_plain(gsize len)
{
    guint8 *bytes = g_malloc(len + 1);
    for (gsize i = 0; i < len; i++)
        bytes[i] = fixture_byte(i);
    return g_bytes_new_take(bytes, len);
}

int
fixture_open(const char *path)
{
    int fd = open(path, O_RDWR | O_CLOEXEC);
    ck_assert_int_ge(fd, 0);
    return fd;
}

void
fixture_write(const char *path, const gsize *lengths, const char *index)
{
    g_autoptr(GError) error = NULL;
    guint8 sha256[KC_VAULT_SHA256_LEN];
    gsize total = 0, at = 0;
    for (const gsize *len = lengths; *len != 0; len++)
        total += *len;
    g_autoptr(GBytes) plain = fixture_plain(total);
    const guint8 *bytes = g_bytes_get_data(plain, NULL);

    g_autoptr(KcVaultWriter) writer = kc_vault_writer_new(kc_vault_create(path, NULL), fixture_key, FIXTURE_ID, &error);
    kc_assert_no_error(error);
    for (const gsize *len = lengths; *len != 0; at += *len, len++)
        ck_assert(kc_vault_writer_append(writer, bytes + at, *len, &error));
    ck_assert(kc_vault_writer_sync(writer, &error));
    if (index == NULL)
        return;
    g_autoptr(GBytes) index_bytes = g_bytes_new(index, strlen(index));
    ck_assert(kc_vault_writer_finish(writer, index_bytes, sha256, &error));
}

void
fixture_assert_vault_error(GError **error, KcVaultError code)
{
    ck_assert_ptr_nonnull(*error);
    if (!g_error_matches(*error, KC_VAULT_ERROR, (int)code))
        ck_abort_msg("another error than %d: %s", (int)code, (*error)->message);
    g_clear_error(error);
}
