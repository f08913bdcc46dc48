/* SPDX-License-Identifier: MIT
 * Secrets: where they come from, where they live, and how they are sealed. */
#include "base/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sodium.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/guarded.h"

#define NONCE_BYTES crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define TAG_BYTES crypto_aead_xchacha20poly1305_ietf_ABYTES
#define KEY_HEX_BYTES ((size_t)SECRET_KEY_BYTES * 2 + 1)

_Static_assert(SECRET_SEAL_OVERHEAD == NONCE_BYTES + TAG_BYTES, "overhead");
_Static_assert(SECRET_KEY_BYTES == crypto_aead_xchacha20poly1305_ietf_KEYBYTES, "key size");

struct secret {
    size_t bytes;
    char *text; /* guarded memory; NUL-terminated */
};

int secret_start(struct koppel_error *err)
{
    if (sodium_init() < 0)
        return err_set(err, KOPPEL_E_BUG, "libsodium cannot start: no random generator");
    return 0;
}

struct secret *secret_new(const char *text, size_t bytes)
{
    struct secret *s = bytes > SECRET_MAX_BYTES ? NULL : calloc(1, sizeof *s);
    if (!s)
        return NULL;
    s->text = guarded(bytes + 1);
    if (!s->text) {
        free(s);
        return NULL;
    }
    if (bytes)
        memcpy(s->text, text, bytes);
    s->text[bytes] = '\0';
    s->bytes = bytes;
    return s;
}

const char *secret_text(const struct secret *s)
{
    return s->text;
}

size_t secret_bytes(const struct secret *s)
{
    return s->bytes;
}

void secret_free(struct secret *s)
{
    if (!s)
        return;
    sodium_free(s->text);
    free(s);
}

/* ---- references ---- */

/* The part behind `form`, or NULL where the reference has another form. */
static const char *behind(const char *reference, const char *form)
{
    size_t n = strlen(form);
    return strncmp(reference, form, n) == 0 && reference[n] ? reference + n : NULL;
}

int secret_is_reference(const char *text)
{
    return text && (behind(text, "env:") || behind(text, "file:") || behind(text, "credential:") ||
                    behind(text, "sealed:"));
}

static int no_memory(struct koppel_error *err)
{
    return err_set(err, KOPPEL_E_BUG, "out of memory");
}

/* Cuts line breaks at the end and makes the secret. */
static int take_text(const char *reference, const char *text, size_t bytes, struct secret **out,
                     struct koppel_error *err)
{
    while (bytes > 0 && (text[bytes - 1] == '\n' || text[bytes - 1] == '\r'))
        bytes--;
    if (bytes == 0)
        return err_set(err, KOPPEL_E_CONFIG, "secret %s is empty", reference);
    if (bytes > SECRET_MAX_BYTES)
        return err_set(err, KOPPEL_E_CONFIG, "secret %s is longer than %d bytes", reference,
                       SECRET_MAX_BYTES);
    if (memchr(text, '\0', bytes))
        return err_set(err, KOPPEL_E_CONFIG, "secret %s holds a NUL byte", reference);
    *out = secret_new(text, bytes);
    return *out ? 0 : no_memory(err);
}

static int from_env(const char *reference, const char *name, struct secret **out,
                    struct koppel_error *err)
{
    const char *value = getenv(name);
    if (!value)
        return err_set(err, KOPPEL_E_CONFIG,
                       "secret %s: the environment has no variable of that name; set it before"
                       " koppel starts", reference);
    return take_text(reference, value, strlen(value), out, err);
}

/* Reads straight into guarded memory: stdio would leave a copy in its buffer. */
static int read_fd(int fd, const char *reference, struct secret **out, struct koppel_error *err)
{
    size_t room = SECRET_MAX_BYTES + 2, bytes = 0;
    char *text = guarded(room);
    int rc;
    if (!text)
        return no_memory(err);
    while (bytes < room) {
        ssize_t n = read(fd, text + bytes, room - bytes);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0) {
            rc = err_set(err, KOPPEL_E_CONFIG, "secret %s cannot be read: %m", reference);
            goto out;
        }
        if (n == 0)
            break;
        bytes += (size_t)n;
    }
    rc = take_text(reference, text, bytes, out, err);
out:
    sodium_free(text);
    return rc;
}

static int from_file(const char *reference, const char *path, bool check_mode, struct secret **out,
                     struct koppel_error *err)
{
    struct stat st;
    int rc = -1, fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (fd < 0)
        return err_set(err, KOPPEL_E_CONFIG,
                       "secret %s cannot be opened: %m; it must exist and belong to the user who"
                       " runs this", reference);
    if (fstat(fd, &st) < 0)
        err_set(err, KOPPEL_E_CONFIG, "secret %s cannot be checked: %m", reference);
    else if (!S_ISREG(st.st_mode))
        err_set(err, KOPPEL_E_CONFIG, "secret %s is not a regular file", reference);
    else if (check_mode && (st.st_mode & 077))
        err_set(err, KOPPEL_E_CONFIG,
                "secret %s has mode %04o, which lets others read it: chmod 600 it", reference,
                (unsigned)(st.st_mode & 07777));
    else
        rc = read_fd(fd, reference, out, err);
    close(fd);
    return rc;
}

static int from_directory(const char *reference, const char *dir, const char *name, bool check_mode,
                          struct secret **out, struct koppel_error *err)
{
    char *path;
    int rc;
    if (name[0] == '/' || !dir || !*dir)
        return from_file(reference, name, check_mode, out, err);
    if (asprintf(&path, "%s/%s", dir, name) < 0)
        return no_memory(err);
    rc = from_file(reference, path, check_mode, out, err);
    free(path);
    return rc;
}

/* systemd guards its directory itself and may give group read access by an ACL. It gives it to the
 * service alone: whoever runs a command in a shell reads the file that it was loaded from. */
static int from_credential(const char *reference, const char *name, const char *base_dir,
                           struct secret **out, struct koppel_error *err)
{
    const char *dir = getenv("CREDENTIALS_DIRECTORY");
    bool given = dir && *dir;
    if (strchr(name, '/') || name[0] == '.')
        return err_set(err, KOPPEL_E_CONFIG, "secret %s: a credential's name is no path",
                       reference);
    if (from_directory(reference, given ? dir : base_dir, name, !given, out, err) == 0)
        return 0;
    return given ? -1
                 : err_prefix(err,
                              "CREDENTIALS_DIRECTORY is not set (systemd does that, by "
                              "LoadCredential=%s), so the file %s beside the configuration is read",
                              name, name);
}

int secret_resolve(const char *reference, const char *base_dir, struct secret **out,
                   struct koppel_error *err)
{
    const char *rest;
    if ((rest = behind(reference, "env:")))
        return from_env(reference, rest, out, err);
    if ((rest = behind(reference, "file:")))
        return from_directory(reference, base_dir, rest, true, out, err);
    if ((rest = behind(reference, "credential:")))
        return from_credential(reference, rest, base_dir, out, err);
    if (behind(reference, "sealed:"))
        return err_set(err, KOPPEL_E_CONFIG,
                       "secret %s: a name of letters, digits, \"-\", \"_\" and \".\" stands behind "
                       "sealed:, and the key itself cannot be sealed", reference);
    /* The text itself may be the secret, so it is not shown. */
    return err_set(err, KOPPEL_E_CONFIG,
                   "a secret must be given as env:NAME, file:PATH or credential:NAME");
}

/* ---- the sealing key ---- */

static int write_key(int fd, const char *line, size_t bytes)
{
    if (write(fd, line, bytes) != (ssize_t)bytes)
        return -1;
    return fsync(fd);
}

int secret_key_create(const char *path, struct koppel_error *err)
{
    if (secret_start(err) < 0)
        return -1;
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return err_set(err, KOPPEL_E_CONFIG, "key file %s cannot be made: %m", path);
    unsigned char key[SECRET_KEY_BYTES];
    char hex[KEY_HEX_BYTES]; /* the NUL becomes the line break */
    randombytes_buf(key, sizeof key);
    sodium_bin2hex(hex, sizeof hex, key, sizeof key);
    hex[sizeof hex - 1] = '\n';
    int rc = fchmod(fd, 0600) < 0 ? -1 : write_key(fd, hex, sizeof hex);
    sodium_memzero(key, sizeof key);
    sodium_memzero(hex, sizeof hex);
    if (rc < 0) {
        err_set(err, KOPPEL_E_CONFIG, "key file %s cannot be written: %m", path);
        unlink(path);
    }
    close(fd);
    return rc;
}

/* Is it a credential that neither systemd gives nor a file beside the configuration is? */
static bool is_nowhere(const char *reference, const char *base_dir)
{
    const char *name = behind(reference, "credential:"), *dir = getenv("CREDENTIALS_DIRECTORY");
    char *path;
    if (!name || (dir && *dir) || !base_dir || asprintf(&path, "%s/%s", base_dir, name) < 0)
        return false;
    bool nowhere = access(path, F_OK) != 0;
    free(path);
    return nowhere;
}

int secret_key_load(const char *reference, const char *base_dir, struct secret **out,
                    struct koppel_error *err)
{
    unsigned char key[SECRET_KEY_BYTES];
    struct secret *hex = NULL;
    size_t bytes = 0;
    int rc = -1;
    /* What a service has as a credential is the key file for whoever works in a shell. */
    if (is_nowhere(reference, base_dir))
        reference = "file:secret.key";
    if (secret_resolve(reference, base_dir, &hex, err) < 0)
        return -1;
    if (hex->bytes != KEY_HEX_BYTES - 1 ||
        sodium_hex2bin(key, sizeof key, hex->text, hex->bytes, NULL, &bytes, NULL) != 0 ||
        bytes != sizeof key) {
        err_set(err, KOPPEL_E_CONFIG, "key %s must hold %zu hex digits and nothing else", reference,
                KEY_HEX_BYTES - 1);
        goto out;
    }
    *out = secret_new((const char *)key, sizeof key);
    rc = *out ? 0 : no_memory(err);
out:
    sodium_memzero(key, sizeof key);
    secret_free(hex);
    return rc;
}

/* ---- chance ---- */

#define DRAWN_BYTES 1024 /* the system is asked for that much: a record needs 150 bytes */

static atomic_uint forks; /* what was drawn before one is the parent's */

static void on_fork(void)
{
    atomic_fetch_add(&forks, 1);
}

static void watch_forks(void)
{
    (void)pthread_atfork(NULL, NULL, on_fork);
}

void secret_draw(void *out, size_t bytes)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    static _Thread_local struct {
        unsigned char bytes[DRAWN_BYTES];
        size_t left;
        unsigned forks;
    } drawn;
    (void)pthread_once(&once, watch_forks);
    if (bytes > DRAWN_BYTES) {
        randombytes_buf(out, bytes);
        return;
    }
    if (drawn.left < bytes || drawn.forks != atomic_load(&forks)) {
        drawn.forks = atomic_load(&forks);
        randombytes_buf(drawn.bytes, sizeof drawn.bytes);
        drawn.left = sizeof drawn.bytes;
    }
    drawn.left -= bytes;
    memcpy(out, drawn.bytes + drawn.left, bytes);
    sodium_memzero(drawn.bytes + drawn.left, bytes);
}

void secret_seal(const struct secret *key, const void *plain, size_t bytes, unsigned char *out)
{
    secret_draw(out, NONCE_BYTES);
    crypto_aead_xchacha20poly1305_ietf_encrypt(out + NONCE_BYTES, NULL, plain, bytes, NULL, 0, NULL,
                                               out, (const unsigned char *)key->text);
}

int secret_unseal(const struct secret *key, const unsigned char *sealed, size_t bytes, void *out)
{
    if (bytes < SECRET_SEAL_OVERHEAD)
        return -1;
    return crypto_aead_xchacha20poly1305_ietf_decrypt(out, NULL, NULL, sealed + NONCE_BYTES,
                                                      bytes - NONCE_BYTES, NULL, 0, sealed,
                                                      (const unsigned char *)key->text);
}
