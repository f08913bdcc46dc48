/* SPDX-License-Identifier: MIT
 * file: reads JSON lines from a file and appends JSON lines to it. The connector to copy from.
 *
 * The cursor is the offset of the first byte that was not read yet. A last line without a line
 * break is still being written, so it is left for the next time. There is no HTTP here, hence it
 * may use stdio; connectors that talk to a service use host->http only. */
#include "koppel/sdk.h"
#include "file_catalogue.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/types.h>

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
    FILE *stream = fopen(f->path, "re");
    if (!stream && errno != ENOENT)
        return f->host->fail(err, KOPPEL_E_CONFIG, "%s: %s", f->path, strerror(errno));
    if (stream) {
        if (fseeko(stream, 0, SEEK_END) == 0)
            snprintf(size, sizeof(size), "%lld", (long long)ftello(stream));
        fclose(stream);
    }
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

static int file_read(void *self, const struct koppel_read_request *request,
                     struct koppel_batch *out, struct koppel_error *err)
{
    struct file *f = self;
    int64_t offset = 0;
    if (request->cursor && koppel_parse_int(request->cursor, &offset) < 0)
        return f->host->fail(err, KOPPEL_E_CONFIG, "cursor \"%s\" is no offset", request->cursor);
    FILE *stream = fopen(f->path, "re");
    if (!stream)
        return f->host->fail(err, KOPPEL_E_CONFIG, "%s: %s", f->path, strerror(errno));
    int rc = -1;
    if (fseeko(stream, (off_t)offset, SEEK_SET) != 0)
        f->host->fail(err, KOPPEL_E_CONFIG, "%s: %s", f->path, strerror(errno));
    else
        rc = read_lines(f, stream, offset, request->limit, out, err);
    fclose(stream);
    return rc;
}

/* One write() call of the file per record, so that a line is there as a whole or not at all. */
static int append_line(struct file *f, FILE *stream, const struct koppel_write_item *item,
                       struct koppel_error *err)
{
    char *text = json_dumps(item->record, JSON_COMPACT);
    if (!text)
        return f->host->fail(err, KOPPEL_E_REJECTED, "the record cannot be written as JSON");
    int failed = fprintf(stream, "%s\n", text) < 0 || fflush(stream) != 0;
    free(text);
    if (failed)
        return f->host->fail(err, KOPPEL_E_UNSURE, "%s: %s", f->path, strerror(errno));
    return 0;
}

static int file_write(void *self, const struct koppel_write_request *request,
                      struct koppel_results *out, struct koppel_error *err)
{
    struct file *f = self;
    int rc = 0;
    FILE *stream = fopen(f->path, "ae");
    if (!stream)
        return f->host->fail(err, KOPPEL_E_CONFIG, "%s: %s", f->path, strerror(errno));
    for (uint32_t i = 0; i < request->count && rc == 0; i++) {
        const struct koppel_write_item *item = request->items[i];
        rc = append_line(f, stream, item, err);
        if (rc == 0)
            rc = f->host->result_done(out, i, item->job, NULL, err);
    }
    fclose(stream);
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
