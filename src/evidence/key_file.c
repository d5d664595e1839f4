#include "src/evidence/key_file.h"
#include "src/evidence/sodium_ready.h"

#include <errno.h>
#include <fcntl.h>
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
write_key_file(int fd, const char *path, const guint8 key[KC_KEY_LEN], GError **error)
{
    if (write(fd, key, KC_KEY_LEN) != KC_KEY_LEN || fsync(fd) != 0)
        return set_io_error(error, "cannot write", path);
    return sync_folder_of(path, error);
}

static gboolean
create_key_file(const char *path, guint8 ret_key[KC_KEY_LEN], GError **error)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return set_io_error(error, "cannot make", path);
    randombytes_buf(ret_key, KC_KEY_LEN);
    gboolean ok = write_key_file(fd, path, ret_key, error);
    close(fd);
    if (!ok)
        unlink(path); /* a partial key would stop every later start */
    return ok;
}

static gboolean
check_key_file(int fd, const char *path, GError **error)
{
    struct stat st;
    if (fstat(fd, &st) != 0)
        return set_io_error(error, "cannot look at", path);
    if (!S_ISREG(st.st_mode) || (st.st_mode & 077) != 0) {
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
read_key_file(const char *path, guint8 ret_key[KC_KEY_LEN], GError **error)
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
    gboolean ok = check_key_file(fd, path, error);
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
    return absent ? create_key_file(path, ret_key, error) : read_key_file(path, ret_key, error);
}
