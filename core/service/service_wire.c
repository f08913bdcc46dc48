/* SPDX-License-Identifier: MIT
 * Lines of JSON over a unix socket. */
#include "service/service_wire.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/json_read.h"
#include "base/json_text.h"

#define SOCKET_ENDING ".sock"

void service_wire_init(struct service_wire *w, int fd, size_t limit_bytes)
{
    w->fd = fd;
    buf_init(&w->rest, limit_bytes);
}

void service_wire_done(struct service_wire *w)
{
    if (w->fd >= 0)
        close(w->fd);
    w->fd = -1;
    buf_wipe_done(&w->rest);
}

/* More of what the other end says. false: it is gone, or says too much. */
static bool more(struct service_wire *w)
{
    char part[16384];
    ssize_t n;
    do
        n = recv(w->fd, part, sizeof part, 0);
    while (n < 0 && errno == EINTR);
    return n > 0 && buf_add(&w->rest, part, (size_t)n) == 0;
}

json_t *service_wire_read(struct service_wire *w)
{
    size_t looked = 0;
    char *end;
    for (;;) {
        end = w->rest.bytes > looked
                  ? memchr(w->rest.data + looked, '\n', w->rest.bytes - looked) : NULL;
        if (end)
            break;
        looked = w->rest.bytes;
        if (!more(w))
            return NULL;
    }
    size_t line = (size_t)(end - w->rest.data), left = w->rest.bytes - line - 1;
    json_t *value = json_read(w->rest.data, line, NULL, NULL);
    memmove(w->rest.data, end + 1, left);
    w->rest.bytes = left;
    w->rest.data[left] = '\0';
    if (json_is_object(value))
        return value;
    json_decref(value);
    return NULL;
}

int service_wire_write(struct service_wire *w, json_t *value_take)
{
    size_t bytes = 0;
    char *text = value_take ? json_text(value_take, false, &bytes) : NULL;
    json_decref(value_take);
    if (!text)
        return -1;
    text[bytes++] = '\n'; /* in the place of its NUL */
    int rc = 0;
    for (size_t at = 0; at < bytes && rc == 0;) {
        ssize_t n = send(w->fd, text + at, bytes - at, MSG_NOSIGNAL);
        if (n > 0)
            at += (size_t)n;
        else if (n == 0 || errno != EINTR)
            rc = -1;
    }
    free(text);
    return rc;
}

json_t *service_wire_error(const struct koppel_error *err)
{
    return json_pack("{s:{s:i,s:o,s:o,s:o}}", "error", "kind", err->kind, "reason",
                     json_string_nocheck(err->reason), "text", json_string_nocheck(err->text),
                     "facts", json_string_nocheck(err->facts));
}

static void take_text(const json_t *error, const char *name, char *out, size_t room)
{
    const char *text = json_string_value(json_object_get(error, name));
    snprintf(out, room, "%s", text ? text : "");
}

void service_wire_take_error(const json_t *error, struct koppel_error *err)
{
    *err = (struct koppel_error){.kind =
                                     (int)json_integer_value(json_object_get(error, "kind"))};
    if (!err->kind)
        err->kind = KOPPEL_E_BUG;
    take_text(error, "reason", err->reason, sizeof err->reason);
    take_text(error, "text", err->text, sizeof err->text);
    take_text(error, "facts", err->facts, sizeof err->facts);
}

int service_wire_address(const char *store_path, struct sockaddr_un *out, int *folder)
{
    const char *slash = strrchr(store_path, '/');
    char *dir = slash ? strndup(store_path, (size_t)(slash - store_path) + 1) : strdup(".");
    *folder = dir ? open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC) : -1;
    free(dir);
    if (*folder < 0)
        return -1;
    *out = (struct sockaddr_un){.sun_family = AF_UNIX};
    int n = snprintf(out->sun_path, sizeof out->sun_path, "/proc/self/fd/%d/%s" SOCKET_ENDING,
                     *folder, slash ? slash + 1 : store_path);
    if (n > 0 && (size_t)n < sizeof out->sun_path)
        return 0;
    close(*folder);
    *folder = -1;
    return -1;
}
