/* SPDX-License-Identifier: MIT
 * The program and its machine. */
#include "service/system.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/process.h"
#include "engine/revision.h"
#include "service/ask.h"
#include "service/plugin_rows.h"

/* ---- the program ---- */

static void add_program(const struct service *s, json_t *out)
{
    struct process p = process_read();
    char at[CLOCK_TEXT_BYTES];
    clock_format((clock_now_ms() - p.up_ms) / 1000 * 1000, at);
    bool known = s->serves && p.up_ms >= 0;
    json_object_set_new(out, "started", known ? json_string(at) : json_null());
    json_object_set_new(out, "up_ms", known ? json_integer(p.up_ms) : json_null());
    json_object_set_new(out, "threads", json_integer(p.threads));
    json_object_set_new(out, "memory", json_integer(p.memory));
}

/* ---- the machine ---- */

/* "Debian GNU/Linux 12 (bookworm)" */
static json_t *system_name(void)
{
    static const char member[] = "PRETTY_NAME=";
    char line[256];
    json_t *name = NULL;
    FILE *in = fopen("/etc/os-release", "re");
    while (in && !name && fgets(line, sizeof line, in)) {
        if (strncmp(line, member, strlen(member)) != 0)
            continue;
        char *text = line + strlen(member) + (line[strlen(member)] == '"');
        text[strcspn(text, "\"\n")] = '\0';
        name = ask_json_text(text);
    }
    if (in)
        fclose(in);
    return name ? name : json_null();
}

static json_t *machine(void)
{
    struct utsname name;
    json_t *kernel = uname(&name) == 0
                         ? json_sprintf("%s %s %s", name.sysname, name.release, name.machine)
                         : json_null();
    long long pages = sysconf(_SC_PHYS_PAGES), size = sysconf(_SC_PAGESIZE);
    return json_pack("{s:o,s:o,s:I,s:I}", "system", system_name(), "kernel", kernel, "processors",
                     (json_int_t)sysconf(_SC_NPROCESSORS_ONLN), "memory",
                     (json_int_t)(pages > 0 ? pages * size : -1));
}

/* ---- what it works with ---- */

static int add_store(const struct service *s, json_t *out, struct koppel_error *err)
{
    struct keeping_size size;
    struct statvfs disk;
    const char *path = s->conf->store_path;
    if (s->store->ops->size(s->store, &size, err) != 0)
        return -1;
    int64_t whole = path && statvfs(path, &disk) == 0
                        ? (int64_t)disk.f_blocks * (int64_t)disk.f_frsize : -1;
    return json_object_set_new(
        out, "store",
        json_pack("{s:o,s:I,s:I,s:I,s:I,s:I}", "path", ask_json_text(path), "file",
                  (json_int_t)size.file_bytes, "log", (json_int_t)size.wal_bytes, "free",
                  (json_int_t)size.free_bytes, "disk_free", (json_int_t)size.disk_free_bytes,
                  "disk", (json_int_t)whole));
}

static int add_revision(const struct service *s, json_t *out, struct koppel_error *err)
{
    struct revision_place p = {s->store, s->conf->key, s->dir};
    json_t *active = NULL;
    if (revision_get(&p, 0, &active, err) != 0)
        return -1;
    json_t *number = json_object_get(active, "revision");
    int rc = json_object_set(out, "revision", number ? number : json_null());
    json_decref(active);
    return rc;
}

static void add_configuration(const struct service *s, json_t *out)
{
    json_int_t enabled = 0;
    for (int i = 0; s->whole && i < s->conf->flow_count; i++)
        enabled += s->conf->flows[i].enabled;
    json_object_set_new(out, "flows", json_pack("{s:i,s:I}", "all", s->conf->flow_count, "enabled",
                                                enabled));
    json_object_set_new(out, "connections", json_integer(s->conf->connection_count));
    json_object_set_new(out, "zone", ask_json_text(s->conf->home.zone));
    json_object_set_new(out, "language", ask_json_text(s->conf->home.language));
    json_object_set_new(out, "plugins",
                        s->plugins ? plugin_rows_all(s->plugins, s->dir) : json_array());
}

int system_show(struct service *s, const struct service_ask *ask, json_t **out,
                struct koppel_error *err)
{
    (void)ask;
    bool safe = s->serves && !s->whole;
    json_t *all = json_pack("{s:s,s:b,s:b,s:s,s:o}", "version", KOPPEL_VERSION, "serves", s->serves,
                            "safe", safe, "dir", s->dir, "machine", machine());
    if (!all)
        return err_set(err, KOPPEL_E_RETRY, "out of memory");
    add_program(s, all);
    add_configuration(s, all);
    if (add_store(s, all, err) != 0 || add_revision(s, all, err) != 0) {
        json_decref(all);
        return -1;
    }
    *out = all;
    return 0;
}
