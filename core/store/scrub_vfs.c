/* SPDX-License-Identifier: MIT
 * A SQLite file system before the default one: pages on their way into a database file are
 * scrubbed. In WAL mode that is a checkpoint, which the writer's thread makes; the log itself,
 * whose frames have checksums, is emptied instead. */
#include "store/scrub_vfs.h"

#include <pthread.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <string.h>

#include "store/scrub.h"

#define NAME "koppel-scrub"
#define PAGE_MIN 512
#define PAGE_MAX 65536

struct file {
    sqlite3_file base;
    bool database;
    unsigned char *copy; /* PAGE_MAX bytes, once something was written */
    sqlite3_file *real;  /* behind this one */
};

static sqlite3_vfs vfs;
static sqlite3_vfs *below;

static sqlite3_file *real_of(sqlite3_file *f)
{
    return ((struct file *)f)->real;
}

static int close_file(sqlite3_file *f)
{
    struct file *own = (struct file *)f;
    sqlite3_free(own->copy);
    own->copy = NULL;
    return own->real->pMethods->xClose(own->real);
}

static int read_file(sqlite3_file *f, void *to, int bytes, sqlite3_int64 at)
{
    return real_of(f)->pMethods->xRead(real_of(f), to, bytes, at);
}

static bool is_page(const struct file *f, int bytes, sqlite3_int64 at)
{
    return f->database && bytes >= PAGE_MIN && bytes <= PAGE_MAX && (bytes & (bytes - 1)) == 0 &&
           at % bytes == 0;
}

/* What is written may not be changed in place: it is the caller's. */
static int write_file(sqlite3_file *f, const void *from, int bytes, sqlite3_int64 at)
{
    struct file *own = (struct file *)f;
    if (is_page(own, bytes, at)) {
        if (!own->copy)
            own->copy = sqlite3_malloc(PAGE_MAX);
        if (!own->copy)
            return SQLITE_IOERR_NOMEM;
        memcpy(own->copy, from, (size_t)bytes);
        if (scrub_page(own->copy, (size_t)bytes, at / bytes + 1))
            from = own->copy;
    }
    return own->real->pMethods->xWrite(own->real, from, bytes, at);
}

static int truncate_file(sqlite3_file *f, sqlite3_int64 bytes)
{
    return real_of(f)->pMethods->xTruncate(real_of(f), bytes);
}

static int sync_file(sqlite3_file *f, int flags)
{
    return real_of(f)->pMethods->xSync(real_of(f), flags);
}

static int file_size(sqlite3_file *f, sqlite3_int64 *bytes)
{
    return real_of(f)->pMethods->xFileSize(real_of(f), bytes);
}

static int lock_file(sqlite3_file *f, int kind)
{
    return real_of(f)->pMethods->xLock(real_of(f), kind);
}

static int unlock_file(sqlite3_file *f, int kind)
{
    return real_of(f)->pMethods->xUnlock(real_of(f), kind);
}

static int is_locked(sqlite3_file *f, int *out)
{
    return real_of(f)->pMethods->xCheckReservedLock(real_of(f), out);
}

static int control(sqlite3_file *f, int what, void *arg)
{
    return real_of(f)->pMethods->xFileControl(real_of(f), what, arg);
}

static int sector_size(sqlite3_file *f)
{
    return real_of(f)->pMethods->xSectorSize(real_of(f));
}

static int device(sqlite3_file *f)
{
    return real_of(f)->pMethods->xDeviceCharacteristics(real_of(f));
}

static int shm_map(sqlite3_file *f, int page, int bytes, int extend, void volatile **out)
{
    return real_of(f)->pMethods->xShmMap(real_of(f), page, bytes, extend, out);
}

static int shm_lock(sqlite3_file *f, int at, int n, int flags)
{
    return real_of(f)->pMethods->xShmLock(real_of(f), at, n, flags);
}

static void shm_barrier(sqlite3_file *f)
{
    real_of(f)->pMethods->xShmBarrier(real_of(f));
}

static int shm_unmap(sqlite3_file *f, int forget)
{
    return real_of(f)->pMethods->xShmUnmap(real_of(f), forget);
}

/* Version 2: no page is read through a map of the file. */
static const sqlite3_io_methods methods = {
    .iVersion = 2, .xClose = close_file, .xRead = read_file, .xWrite = write_file,
    .xTruncate = truncate_file, .xSync = sync_file, .xFileSize = file_size, .xLock = lock_file,
    .xUnlock = unlock_file, .xCheckReservedLock = is_locked, .xFileControl = control,
    .xSectorSize = sector_size, .xDeviceCharacteristics = device, .xShmMap = shm_map,
    .xShmLock = shm_lock, .xShmBarrier = shm_barrier, .xShmUnmap = shm_unmap};

static int open_file(sqlite3_vfs *v, const char *name, sqlite3_file *f, int flags, int *out_flags)
{
    struct file *own = (struct file *)f;
    (void)v;
    *own = (struct file){.database = (flags & SQLITE_OPEN_MAIN_DB) != 0,
                         .real = (sqlite3_file *)(own + 1)};
    int rc = below->xOpen(below, name, own->real, flags, out_flags);
    own->base.pMethods = own->real->pMethods ? &methods : NULL;
    return rc;
}

static void begin(void)
{
    below = sqlite3_vfs_find(NULL);
    if (!below)
        return;
    vfs = *below; /* all but opening is the default one's, which knows its own by pAppData */
    vfs.zName = NAME;
    vfs.pNext = NULL;
    vfs.szOsFile = (int)sizeof(struct file) + below->szOsFile;
    vfs.xOpen = open_file;
    if (sqlite3_vfs_register(&vfs, 0) != SQLITE_OK)
        below = NULL;
}

const char *scrub_vfs(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    (void)pthread_once(&once, begin);
    return below ? NAME : NULL;
}
