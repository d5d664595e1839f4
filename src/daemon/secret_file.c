#include "src/daemon/secret_file.h"

#include <string.h>
#include <sys/stat.h>

typedef struct {
    gsize len;
    char text[];
} Secret;

static void
secret_free(gpointer data)
{
    Secret *secret = data;
    explicit_bzero(secret->text, secret->len);
    g_free(secret);
}

static GBytes *
bad(GError **error, const char *path, const char *what)
{
    g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "%s: %s", path, what);
    return NULL;
}

GBytes *
kc_secret_file_read(const char *path, GError **error)
{
    g_autofree char *text = NULL;
    struct stat st;
    gsize size;
    if (stat(path, &st) == 0 && (st.st_mode & (S_IROTH | S_IWOTH)) != 0)
        return bad(error, path, "everybody on this machine may read or write it: chmod o= it");
    if (!g_file_get_contents(path, &text, &size, error))
        return NULL;
    gsize len = strcspn(text, "\r\n");
    gboolean one_line = strspn(text + len, "\r\n") == size - len;
    GBytes *bytes = NULL;
    if (!one_line || len < KC_SECRET_BYTES_MIN || len > KC_SECRET_BYTES_MAX) {
        bad(error, path, "must be one line of 16 to 512 characters");
    } else {
        Secret *secret = g_malloc(sizeof *secret + len);
        secret->len = len;
        memcpy(secret->text, text, len);
        bytes = g_bytes_new_with_free_func(secret->text, len, secret_free, secret);
    }
    explicit_bzero(text, size);
    return bytes;
}
