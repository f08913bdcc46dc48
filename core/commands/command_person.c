/* SPDX-License-Identifier: MIT
 * koppel person: what is kept of one person, by e-mail address. */
#include "commands/command_person.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/json_text.h"
#include "base/visible.h"
#include "commands/command_ask.h"

#define ADDRESS_BYTES 400

/* "-": the first line of standard input, so that it stands in no list of processes. */
static const char *address_of(const struct command_line *line, char buf[ADDRESS_BYTES])
{
    if (!line->email || strcmp(line->email, "-") != 0)
        return line->email;
    if (!fgets(buf, ADDRESS_BYTES, stdin))
        return NULL;
    buf[strcspn(buf, "\r\n")] = '\0';
    return buf;
}

static long long number(const json_t *out, const char *name)
{
    return json_integer_value(json_object_get(out, name));
}

static int told(const json_t *out, bool json)
{
    size_t i;
    json_t *one;
    if (json) {
        command_print_json(json_incref((json_t *)out));
        return EXIT_OK;
    }
    json_array_foreach(json_object_get(out, "records"), i, one)
        visible_print(stdout, "%s record %s: %lld jobs, %lld of them open\n",
                      json_string_value(json_object_get(one, "flow")),
                      json_string_value(json_object_get(one, "key")), number(one, "jobs"),
                      number(one, "open"));
    json_array_foreach(json_object_get(out, "links"), i, one)
        visible_print(stdout, "link %s %s\n", json_string_value(json_object_get(one, "scope")),
                      json_string_value(json_object_get(one, "key")));
    json_array_foreach(json_object_get(out, "files"), i, one)
        visible_print(stdout, "file %s of the configuration names it: take it out by hand\n",
                      json_string_value(one));
    visible_print(stdout, "%lld records with %lld jobs, %lld links; %lld jobs were looked at\n",
                  (long long)json_array_size(json_object_get(out, "records")), number(out, "jobs"),
                  (long long)json_array_size(json_object_get(out, "links")),
                  number(out, "looked"));
    return EXIT_OK;
}

/* ---- export ---- */

struct export {
    int folder, failed; /* failed: errno of the first file that was not written */
};

static int write_json(int folder, const char *name, const json_t *value)
{
    char *text = json_text_lines(value);
    int fd = text ? openat(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600)
                  : -1;
    FILE *to = fd >= 0 ? fdopen(fd, "w") : NULL;
    int rc = to && fprintf(to, "%s\n", text) > 0 && fflush(to) == 0 && fsync(fd) == 0 ? 0 : -1;
    int problem = text ? errno : ENOMEM;
    if (to)
        fclose(to);
    else if (fd >= 0)
        close(fd);
    free(text);
    errno = problem;
    return rc;
}

static int take_job(void *arg, const json_t *progress)
{
    struct export *e = arg;
    const json_t *job = json_object_get(progress, "job");
    char name[256];
    if (!job)
        return 0;
    snprintf(name, sizeof name, "%s.json", json_string_value(json_object_get(job, "job")));
    for (char *at = name; *at; at++) {
        if (*at == '/')
            *at = '-';
    }
    if (write_json(e->folder, name, job) == 0)
        return 0;
    e->failed = errno;
    return -1;
}

static int export(const struct command_line *line, json_t *in_take)
{
    const char *to = line->words[1];
    struct export e = {.folder = -1};
    json_t *out;
    if (mkdir(to, 0700) != 0 || (e.folder = open(to, O_RDONLY | O_DIRECTORY | O_CLOEXEC)) < 0) {
        visible_print(stderr, "koppel: %s: %s; the export goes into a new folder\n", to,
                      strerror(errno));
        json_decref(in_take);
        return EXIT_USAGE;
    }
    int rc = command_ask(line, "persons.export", in_take, take_job, &e, &out);
    if (rc == EXIT_OK && write_json(e.folder, "manifest.json", out) != 0)
        e.failed = errno;
    if (e.failed) {
        visible_print(stderr, "koppel: %s: %s\n", to, strerror(e.failed));
        rc = EXIT_FAILED;
    }
    close(e.folder);
    if (rc == EXIT_OK)
        rc = told(out, line->json);
    json_decref(out);
    return rc;
}

/* ---- erase ---- */

static int tell_erased(const json_t *out, bool json)
{
    const json_t *erased = json_object_get(out, "erased");
    size_t i;
    json_t *one;
    (void)told(out, json);
    if (!json) {
        visible_print(stdout, "erased: the contents of %lld jobs, %lld documents; %lld jobs that"
                              " had not ended were skipped\nreport %lld of %s, kept in the store"
                              " without the address\n", number(erased, "jobs"),
                      number(erased, "documents"), number(out, "skipped"), number(out, "report"),
                      json_string_value(json_object_get(out, "at")));
        json_array_foreach(json_object_get(out, "stays"), i, one)
            visible_print(stdout, "stays: %s\n", json_string_value(one));
    }
    if (number(out, "under_way") == 0)
        return EXIT_OK;
    visible_print(stderr, "koppel: %lld jobs are under way and were left: order it again in a"
                          " moment\n", number(out, "under_way"));
    return EXIT_PARKED;
}

int command_person(const struct command_line *line)
{
    static const char *const orders[] = {"find", "export", "erase"};
    const char *what = line->words[0];
    bool exports = strcmp(what, "export") == 0, erases = strcmp(what, "erase") == 0;
    char buf[ADDRESS_BYTES];
    json_t *out;
    if (!exports && !erases && strcmp(what, "find") != 0)
        return command_unknown("order", what, "koppel person", orders, 3);
    const char *address = address_of(line, buf);
    if (!address || !*address || (line->count == 2) != exports || (line->why && !erases))
        return COMMAND_MISUSED;
    json_t *in = json_pack("{s:o,s:s*}", "email", command_json_text(address), "why", line->why);
    if (exports)
        return export(line, in);
    int rc = command_ask(line, erases ? "persons.erase" : "persons.find", in, NULL, NULL, &out);
    if (rc != EXIT_OK)
        return rc;
    rc = erases ? tell_erased(out, line->json) : told(out, line->json);
    json_decref(out);
    return rc;
}
