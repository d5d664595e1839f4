#include "media/protocol/captions.h"

#include "src/base/limits.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

guint
kc_composed_columns(guint tiles)
{
    guint columns = 1;
    while (columns * columns < tiles)
        columns++;
    return columns;
}

static gboolean
fail(GError **error, KcProtocolError code, const char *what)
{
    g_set_error(error, KC_PROTOCOL_ERROR, code, "captions: %s", what);
    return FALSE;
}

static gboolean
write_all(int fd, const void *data, gsize len, GError **error)
{
    for (gsize done = 0; done < len;) {
        gssize n = write(fd, (const guint8 *)data + done, len - done);
        if (n <= 0)
            return fail(error, KC_PROTOCOL_ERROR_IO, g_strerror(errno));
        done += (gsize)n;
    }
    return TRUE;
}

int
kc_captions_write(const KcCaption *captions, guint n, gsize *ret_bytes, GError **error)
{
    g_autoptr(GByteArray) all = g_byte_array_new();
    for (guint i = 0; i < n; i++) {
        const guint32 size[2] = {captions[i].width, captions[i].height};
        gsize len;
        const guint8 *cover = g_bytes_get_data(captions[i].cover, &len);
        g_byte_array_append(all, (const guint8 *)size, sizeof size);
        g_byte_array_append(all, cover, (guint)len);
    }
    int fd = memfd_create("captions", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (fd < 0) {
        fail(error, KC_PROTOCOL_ERROR_IO, g_strerror(errno));
        return -1;
    }
    if (!write_all(fd, all->data, all->len, error)) {
        close(fd);
        return -1;
    }
    fcntl(fd, F_ADD_SEALS, F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE);
    *ret_bytes = all->len;
    return fd;
}

static gboolean
take_caption(const guint8 **data, gsize *left, KcCaption *ret_caption, GError **error)
{
    guint32 size[2];
    if (*left < sizeof size)
        return fail(error, KC_PROTOCOL_ERROR_MALFORMED, "too short");
    memcpy(size, *data, sizeof size);
    if (size[0] > KC_CAPTION_MAX_WIDTH || size[1] > KC_CAPTION_MAX_HEIGHT)
        return fail(error, KC_PROTOCOL_ERROR_MALFORMED, "one is too large");
    gsize len = (gsize)size[0] * size[1];
    if (*left - sizeof size < len)
        return fail(error, KC_PROTOCOL_ERROR_MALFORMED, "too short");
    *ret_caption = (KcCaption){size[0], size[1], g_bytes_new(*data + sizeof size, len)};
    *data += sizeof size + len;
    *left -= sizeof size + len;
    return TRUE;
}

gboolean
kc_captions_read(int fd, gsize bytes, KcCaption *captions, guint n, GError **error)
{
    if (bytes > KC_LIMIT_CHUNK_BYTES)
        return fail(error, KC_PROTOCOL_ERROR_TOO_LARGE, "too many bytes");
    g_autofree guint8 *all = g_malloc(bytes + 1);
    const guint8 *data = all;
    if (pread(fd, all, bytes + 1, 0) != (gssize)bytes)
        return fail(error, KC_PROTOCOL_ERROR_MALFORMED, "other bytes than were said");
    for (guint i = 0; i < n; i++)
        if (!take_caption(&data, &bytes, &captions[i], error))
            return FALSE;
    return bytes == 0 || fail(error, KC_PROTOCOL_ERROR_MALFORMED, "too many");
}

void
kc_captions_clear(KcCaption *captions, guint n)
{
    for (guint i = 0; i < n; i++)
        g_clear_pointer(&captions[i].cover, g_bytes_unref);
}
