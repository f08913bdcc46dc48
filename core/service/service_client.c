/* SPDX-License-Identifier: MIT
 * The asking end of the socket. */
#include "service/service_client.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "service/service_wire.h"

#ifndef KOPPEL_VERSION
#define KOPPEL_VERSION "0"
#endif

static int connect_to(const char *store_path)
{
    struct sockaddr_un address;
    int folder, fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -1;
    int rc = service_wire_address(store_path, &address, &folder);
    if (rc == 0) {
        do
            rc = connect(fd, (struct sockaddr *)&address, sizeof address);
        while (rc != 0 && errno == EINTR);
        close(folder);
    }
    if (rc == 0)
        return fd;
    close(fd);
    return -1;
}

static int converse(struct service_wire *w, int (*tell)(void *arg, const json_t *progress),
                    void *arg, json_t **out, struct koppel_error *err)
{
    for (;;) {
        json_t *line = service_wire_read(w);
        const json_t *error = json_object_get(line, "error"), *told = json_object_get(line, "tell");
        int rc = 0;
        if (!line)
            return err_set(err, KOPPEL_E_UNSURE,
                           "the engine ended before it answered; what was asked may have been "
                           "done");
        if (error)
            service_wire_take_error(error, err);
        else if (told)
            rc = tell ? tell(arg, told) : 0;
        else
            *out = json_incref(json_object_get(line, "out"));
        json_decref(line);
        if (rc != 0)
            return err_set(err, KOPPEL_E_CANCELLED, "stopped");
        if (!told)
            return error || !*out ? -1 : 0;
    }
}

int service_client_ask(const char *store_path, const char *name, const json_t *in,
                       int (*tell)(void *arg, const json_t *progress), void *arg, json_t **out,
                       bool *nobody, struct koppel_error *err)
{
    struct service_wire w;
    int fd = connect_to(store_path);
    *out = NULL;
    *nobody = fd < 0;
    if (fd < 0)
        return -1;
    service_wire_init(&w, fd, SERVICE_WIRE_OUT_BYTES);
    json_t *line = json_pack("{s:s,s:O,s:s,s:s}", "ask", name, "in", in, "version", KOPPEL_VERSION,
                             "via", "cli");
    int rc = service_wire_write(&w, line);
    /* an engine that refuses says why, though it does not read */
    if (rc == 0 || errno == EPIPE)
        rc = converse(&w, tell, arg, out, err);
    else
        err_set(err, KOPPEL_E_RETRY, "the engine does not listen: %s", strerror(errno));
    service_wire_done(&w);
    return rc;
}
