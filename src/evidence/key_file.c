#include "src/evidence/key_file.h"
#include "src/evidence/sodium_ready.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static gboolean
set_io_error(GError **error, const char *what, const char *path)
{
    int saved = errno;
    g_set_error(error, KC_KEYS_ERROR, KC_KEYS_ERROR_IO, "%s %s: %s", what, path, g_strerror(saved));
    return FALSE;
}

static gboolean
sync_folder_of(const char *path, GError **error)
{
    g_autofree char *folder = g_path_get_dirname(path);
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return set_io_error(error, "cannot open", folder);
    gboolean ok = fsync(fd) == 0;
    if (!ok)
        set_io_error(error, "cannot sync", folder);
    close(fd);
    return ok;
}

static gboolean
write_zeros(int fd, off_t len)
{
    static const guint8 zeros[4096];
    for (off_t done = 0; done < len;) {
        gssize n = write(fd, zeros, (gsize)MIN(len - done, (off_t)sizeof zeros));
        if (n <= 0)
            return FALSE;
        done += n;
    }
    return fsync(fd) == 0;
}

gboolean
kc_key_file_replace(const char *from, const char *to, GError **error)
{
    struct stat st;
    int before = open(to, O_WRONLY | O_CLOEXEC | O_NOFOLLOW);
    gboolean ok = rename(from, to) == 0 || set_io_error(error, "cannot name", to);
    ok = ok && sync_folder_of(to, error);
    if (ok && before >= 0 && (fstat(before, &st) != 0 || !write_zeros(before, st.st_size)))
        g_warning("what %s held before may still be on the disk: %s", to, g_strerror(errno));
    if (before >= 0)
        close(before);
    return ok;
}

static gboolean
write_key_file(const char *path, const guint8 key[KC_KEY_LEN], GError **error)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return set_io_error(error, "cannot make", path);
    gboolean ok = write(fd, key, KC_KEY_LEN) == KC_KEY_LEN && fsync(fd) == 0;
    if (!ok)
        set_io_error(error, "cannot write", path);
    close(fd);
    return ok;
}

/* Whole under its name, or not there: a partial key would stop every later start. */
static gboolean
create_key_file(const char *path, guint8 ret_key[KC_KEY_LEN], GError **error)
{
    g_autofree char *part = g_strconcat(path, ".part", NULL);
    randombytes_buf(ret_key, KC_KEY_LEN);
    gboolean ok = write_key_file(part, ret_key, error);
    if (ok && link(part, path) != 0)
        ok = set_io_error(error, "cannot make", path);
    unlink(part);
    return ok && sync_folder_of(path, error);
}

static gboolean
check_key_file(int fd, const char *path, mode_t forbidden, GError **error)
{
    struct stat st;
    if (fstat(fd, &st) != 0)
        return set_io_error(error, "cannot look at", path);
    if (!S_ISREG(st.st_mode) || (st.st_mode & forbidden) != 0) {
        g_set_error(error, KC_KEYS_ERROR, KC_KEYS_ERROR_PERMISSIONS,
                    "%s must be a regular file that its owner alone can read (mode 0600, not %04o)", path,
                    (unsigned)(st.st_mode & 07777));
        return FALSE;
    }
    if (st.st_size != KC_KEY_LEN) {
        g_set_error(error, KC_KEYS_ERROR, KC_KEYS_ERROR_DAMAGED, "%s is not a key of %d bytes", path,
                    KC_KEY_LEN);
        return FALSE;
    }
    return TRUE;
}

static gboolean
read_key_file(const char *path, mode_t forbidden, guint8 ret_key[KC_KEY_LEN], GError **error)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0 && errno == ENOENT) {
        g_set_error(error, KC_KEYS_ERROR, KC_KEYS_ERROR_ABSENT, "there is no key at %s", path);
        return FALSE;
    }
    if (fd < 0 && errno == ELOOP) {
        g_set_error(error, KC_KEYS_ERROR, KC_KEYS_ERROR_PERMISSIONS, "%s must not be a symbolic link", path);
        return FALSE;
    }
    if (fd < 0)
        return set_io_error(error, "cannot open", path);
    gboolean ok = check_key_file(fd, path, forbidden, error);
    if (ok && read(fd, ret_key, KC_KEY_LEN) != KC_KEY_LEN)
        ok = set_io_error(error, "cannot read", path);
    close(fd);
    return ok;
}

gboolean
kc_key_file_read(const char *path, gboolean create, guint8 ret_key[KC_KEY_LEN], GError **error)
{
    kc_sodium_ready();
    gboolean absent = create && access(path, F_OK) != 0 && errno == ENOENT;
    return absent ? create_key_file(path, ret_key, error) : read_key_file(path, 077, ret_key, error);
}

gboolean
kc_key_file_read_credential(const char *path, guint8 ret_key[KC_KEY_LEN], GError **error)
{
    kc_sodium_ready();
    return read_key_file(path, 037, ret_key, error);
}
