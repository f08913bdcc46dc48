/* SPDX-License-Identifier: MIT
 * file: reads JSON lines from a file and appends JSON lines to it. The connector to copy from.
 *
 * The cursor is the offset of the first byte that was not read yet. A last line without a line
 * break is still being written, so it is left for the next time. There is no HTTP here, hence it
 * may use stdio; connectors that talk to a service use host->http only. */
#include "koppel/sdk.h"
#include "file_catalogue.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define LINE_MAX_BYTES (16 * 1024 * 1024)

struct file {
    const struct koppel_host *host;
    struct koppel_context *ctx;
    const char *path, *key; /* settings live until close */
};

static int file_open(const struct koppel_host *host, struct koppel_context *ctx, void **self,
                     struct koppel_error *err)
{
    struct file *f = calloc(1, sizeof(*f));
    if (!f)
        return host->fail(err, KOPPEL_E_RETRY, "out of memory");
    f->host = host;
    f->ctx = ctx;
    f->path = host->setting(ctx, "path");
    f->key = host->setting(ctx, "key");
    *self = f;
    return 0;
}

static void file_close(void *self)
{
    free(self);
}

static int file_probe(void *self, struct koppel_list *facts, struct koppel_error *err)
{
    struct file *f = self;
    char size[32] = "it does not exist yet";
    struct stat st;
    if (stat(f->path, &st) == 0)
        snprintf(size, sizeof(size), "%lld", (long long)st.st_size);
    else if (errno != ENOENT)
        return f->host->fail(err, KOPPEL_E_CONFIG, "%s: %s", f->path, strerror(errno));
    return f->host->row(facts, "bytes", size, err);
}

/* One line to one record. The key's value may be text or an integer. */
static int emit_line(struct file *f, const char *line, int64_t offset, struct koppel_batch *out,
                     struct koppel_error *err)
{
    json_error_t where;
    char key[32];
    int64_t number;
    json_t *record = json_loads(line, JSON_REJECT_DUPLICATES, &where);
    if (!json_is_object(record)) {
        const char *why = record ? "it is of another type" : where.text;
        json_decref(record);
        return f->host->fail(err, KOPPEL_E_CONFIG,
                             "%s: the line at byte %lld is no JSON object: %s", f->path,
                             (long long)offset, why);
    }
    const char *text = koppel_get_text(record, f->key, NULL);
    if (!text && koppel_get_int(record, f->key, &number) == 0) {
        snprintf(key, sizeof(key), "%lld", (long long)number);
        text = key;
    }
    if (!text || !text[0]) {
        json_decref(record);
        return f->host->fail(err, KOPPEL_E_CONFIG, "%s: the line at byte %lld has no \"%s\"",
                             f->path, (long long)offset, f->key);
    }
    /* the text is part of the record, which emit steals: the host copies it first */
    return f->host->emit(out, text, offset + 1, record, err);
}

static int read_lines(struct file *f, FILE *stream, int64_t offset, uint32_t limit,
                      struct koppel_batch *out, struct koppel_error *err)
{
    char *line = NULL, cursor[32];
    size_t room = 0;
    ssize_t bytes = 0;
    uint32_t count = 0;
    int rc = 0;
    while (rc == 0 && count < limit && !f->host->cancelled(f->ctx)
           && (bytes = getline(&line, &room, stream)) > 0 && line[bytes - 1] == '\n') {
        if (bytes > LINE_MAX_BYTES)
            rc = f->host->fail(err, KOPPEL_E_CONFIG, "%s: the line at byte %lld is longer than %d",
                               f->path, (long long)offset, LINE_MAX_BYTES);
        else if (line[strspn(line, " \t\r\n")] != '\0')
            rc = emit_line(f, line, offset, out, err);
        offset += bytes;
        count++;
    }
    free(line);
    if (rc < 0)
        return rc;
    if (ferror(stream))
        return f->host->fail(err, KOPPEL_E_RETRY, "%s: it cannot be read", f->path);
    snprintf(cursor, sizeof(cursor), "%lld", (long long)offset);
    return f->host->batch_end(out, cursor, count == limit, err);
}

/* A pipe would keep the reading waiting for a writer. */
static FILE *source_open(struct file *f, struct koppel_error *err)
{
    int fd = open(f->path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    struct stat st;
    FILE *stream = NULL;
    if (fd >= 0 && fstat(fd, &st) == 0 && !S_ISREG(st.st_mode))
        f->host->fail(err, KOPPEL_E_CONFIG, "%s: it is not a regular file", f->path);
    else if (fd < 0 || !(stream = fdopen(fd, "r")))
        f->host->fail(err, KOPPEL_E_CONFIG, "%s: %s", f->path, strerror(errno));
    if (!stream && fd >= 0)
        close(fd);
    return stream;
}

static int file_read(void *self, const struct koppel_read_request *request,
                     struct koppel_batch *out, struct koppel_error *err)
{
    struct file *f = self;
    int64_t offset = 0;
    if (request->cursor && koppel_parse_int(request->cursor, &offset) < 0)
        return f->host->fail(err, KOPPEL_E_CONFIG, "cursor \"%s\" is no offset", request->cursor);
    FILE *stream = source_open(f, err);
    if (!stream)
        return -1;
    int rc = -1;
    if (fseeko(stream, (off_t)offset, SEEK_SET) != 0)
        f->host->fail(err, KOPPEL_E_CONFIG, "%s: %s", f->path, strerror(errno));
    else
        rc = read_lines(f, stream, offset, request->limit, out, err);
    fclose(stream);
    return rc;
}

/* Takes back what a write that was cut left behind. 0: the file is as it was. */
static int take_back(int fd, off_t before)
{
    return ftruncate(fd, before) == 0 && fsync(fd) == 0 ? 0 : -1;
}

/* One write() per record, so that a line is there as a whole or not at all: others who append, and
 * who read, see no half line. *end: where the file ends. */
static int append_line(struct file *f, int fd, const struct koppel_write_item *item, off_t *end,
                       struct koppel_error *err)
{
    char *text = json_dumps(item->record, JSON_COMPACT);
    size_t bytes = text ? strlen(text) : 0;
    if (!text)
        return f->host->fail(err, KOPPEL_E_REJECTED, "the record cannot be written as JSON");
    text[bytes] = '\n'; /* in the place of the end: write() needs none */
    ssize_t n = write(fd, text, bytes + 1);
    free(text);
    if (n == (ssize_t)bytes + 1) {
        *end += n;
        return 0;
    }
    const char *why = n < 0 ? strerror(errno) : "the file could not take the whole line";
    if (n > 0 && take_back(fd, *end) != 0)
        return f->host->fail(err, KOPPEL_E_UNSURE, "%s: a line was cut, and stays so: %s", f->path,
                             strerror(errno));
    return f->host->fail(err, KOPPEL_E_RETRY, "%s: %s", f->path, why);
}

/* The file for appending, with nobody else of ours at it. A last line without a break, which
 * somebody was kept from ending, gets one. *end: where the file ends. */
static int sink_open(struct file *f, off_t *end, struct koppel_error *err)
{
    int fd = open(f->path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0666);
    struct stat st;
    char last = '\n';
    if (fd < 0)
        return f->host->fail(err, KOPPEL_E_CONFIG, "%s: %s", f->path, strerror(errno));
    if (fstat(fd, &st) == 0 && !S_ISREG(st.st_mode)) {
        close(fd);
        return f->host->fail(err, KOPPEL_E_CONFIG, "%s: it is not a regular file", f->path);
    }
    if (flock(fd, LOCK_EX) != 0 || fstat(fd, &st) != 0 ||
        (st.st_size > 0 && pread(fd, &last, 1, st.st_size - 1) != 1) ||
        (last != '\n' && write(fd, "\n", 1) != 1)) {
        f->host->fail(err, KOPPEL_E_RETRY, "%s: %s", f->path, strerror(errno));
        close(fd);
        return -1;
    }
    *end = st.st_size + (last != '\n');
    return fd;
}

/* The name of a new file is only safe once its folder is. */
static int sync_folder(const char *path)
{
    const char *slash = strrchr(path, '/');
    char *folder = slash ? strndup(path, slash == path ? 1 : (size_t)(slash - path)) : strdup(".");
    int fd = folder ? open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    int rc = fd >= 0 ? fsync(fd) : -1;
    if (fd >= 0)
        close(fd);
    free(folder);
    return rc;
}

static int file_write(void *self, const struct koppel_write_request *request,
                      struct koppel_results *out, struct koppel_error *err)
{
    struct file *f = self;
    off_t begin = 0;
    int fd = sink_open(f, &begin, err);
    if (fd < 0)
        return -1;
    off_t end = begin;
    uint32_t count = 0;
    int rc = 0;
    while (count < request->count && rc == 0) {
        rc = append_line(f, fd, request->items[count], &end, err);
        count += rc == 0;
    }
    /* Done is said of what a power failure does not undo. */
    if (count > 0 && (fsync(fd) != 0 || (begin == 0 && sync_folder(f->path) != 0)))
        rc = f->host->fail(err, KOPPEL_E_UNSURE, "%s: it may not have reached the disk: %s",
                           f->path, strerror(errno));
    else
        for (uint32_t i = 0; i < count; i++) {
            if (f->host->result_done(out, i, request->items[i]->job, NULL, err) != 0)
                rc = -1;
        }
    close(fd);
    return rc;
}

static const struct koppel_connector connector = {
    .struct_size = sizeof(connector),
    .open = file_open,
    .close = file_close,
    .probe = file_probe,
    .read = file_read,
    .write = file_write,
};

static const struct koppel_plugin plugin = {
    KOPPEL_PLUGIN_HEADER,
    .kind = KOPPEL_KIND_CONNECTOR,
    .threads = KOPPEL_THREADS_INSTANCE,
    .name = "file",
    .version = "0.1.0",
    .catalogue = catalogue_text,
    .connector = &connector,
};

KOPPEL_REGISTER_PLUGIN(plugin);
