/* SPDX-License-Identifier: MIT
 * Group A. */
#include "kit/kit_abi.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

#include "kit/kit_value.h"
#include "kit/kit_walk.h"

#define VERSION_MAX 40

static enum kit_child_outcome one_export(const struct kit_run *r)
{
    for (int i = 0; i < r->elf->export_count; i++) {
        if (strcmp(r->elf->exports[i], "koppel_plugin_entry") != 0)
            return kit_child_fail("it exports %s", r->elf->exports[i]);
    }
    return r->elf->export_count == 1 ? KIT_PASS : kit_child_fail("it exports nothing");
}

static enum kit_child_outcome stands_alone(const struct kit_run *r)
{
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    (void)r;
    return kit_child_nothing("a sanitizer allows no second set of libraries");
#else
    /* Nothing but what it names itself is in sight there. */
    void *handle = dlmopen(LM_ID_NEWLM, r->path, RTLD_NOW | RTLD_LOCAL);
    const char *why = handle ? NULL : dlerror();
    return handle ? KIT_PASS : kit_child_fail("%s", why ? why : "it cannot be opened");
#endif
}

static enum kit_child_outcome host_libraries(const struct kit_run *r)
{
    static const char *const theirs[] = {"libcurl", "libltdl", "libsqlite3", "libkoppel",
                                         "libmicrohttpd", "libconfig"};
    for (int i = 0; i < r->elf->needed_count; i++) {
        for (size_t k = 0; k < sizeof theirs / sizeof theirs[0]; k++) {
            if (strncmp(r->elf->needed[i], theirs[k], strlen(theirs[k])) == 0)
                return kit_child_fail("it is linked with %s", r->elf->needed[i]);
        }
    }
    return KIT_PASS;
}

static enum kit_child_outcome sizes(const struct kit_run *r)
{
    const struct koppel_plugin *e = &r->plugin->entry;
    uint32_t inner = e->kind == KOPPEL_KIND_CONNECTOR ? e->connector->struct_size
                                                      : e->transform->struct_size;
    if (e->abi_minor > KOPPEL_ABI_MINOR)
        return kit_child_fail("it was built for ABI %u.%u, this program has %u.%u", e->abi_major,
                              e->abi_minor, KOPPEL_ABI_MAJOR, KOPPEL_ABI_MINOR);
    if (e->struct_size % sizeof(void *) || inner % sizeof(void *))
        return kit_child_fail("a struct_size of %u and %u bytes ends inside a member",
                              e->struct_size, inner);
    if (e->abi_minor == KOPPEL_ABI_MINOR &&
        (e->struct_size > sizeof *e || inner > (e->kind == KOPPEL_KIND_CONNECTOR
                                                    ? sizeof(struct koppel_connector)
                                                    : sizeof(struct koppel_transform))))
        return kit_child_fail("its structs are larger than those of the ABI it says it was built "
                              "for");
    return KIT_PASS;
}

static enum kit_child_outcome version(const struct kit_run *r)
{
    const char *v = r->plugin->entry.version;
    if (!*v || strlen(v) > VERSION_MAX)
        return kit_child_fail("its version \"%.60s\" is empty, or longer than %d bytes", v,
                              VERSION_MAX);
    for (const char *c = v; *c; c++) {
        if (*c <= ' ' || *c > '~')
            return kit_child_fail("its version holds a blank or another sign that is no letter, "
                                  "digit or mark");
    }
    return KIT_PASS;
}

static enum kit_child_outcome hardened(const struct kit_run *r)
{
    const struct kit_elf *e = r->elf;
    const char *wrong = e->text_relocations ? "its code is written to when it is loaded (-fPIC)"
                        : e->writable_code  ? "a part of it is both written and executed"
                        : e->exec_stack     ? "it asks for a stack that is executed "
                                              "(-Wl,-z,noexecstack)"
                        : !e->relro         ? "its table of imports stays writable (-Wl,-z,relro)"
                        : !e->now           ? "it is not bound at once (-Wl,-z,now)"
                        : e->unloadable     ? "it says that it must not be opened"
                                            : NULL;
    return wrong ? kit_child_fail("%s", wrong) : KIT_PASS;
}

static enum kit_child_outcome entry_twice(const struct kit_run *r)
{
    void *handle = dlopen(r->path, RTLD_NOW | RTLD_LOCAL);
    koppel_plugin_entry_fn *entry =
        handle ? (koppel_plugin_entry_fn *)dlsym(handle, "koppel_plugin_entry") : NULL;
    if (!entry)
        return kit_child_fail("koppel_plugin_entry is not found a second time");
    kit_child_doing("koppel_plugin_entry()");
    const struct koppel_plugin *a = entry(), *b = entry();
    if (!a || a != b || memcmp(&r->plugin->entry, a, a->struct_size < sizeof *a ? a->struct_size
                                                                               : sizeof *a) != 0)
        return kit_child_fail("it gives another struct than before");
    return KIT_PASS;
}

/* Whatever it can be asked, with nobody there. */
static enum kit_child_outcome use(const struct kit_run *r, bool grown)
{
    struct kit_walk_manner m = {.writing = !r->live, .grown = grown};
    if (r->plugin->entry.kind == KOPPEL_KIND_TRANSFORM)
        return kit_value_examples(r, grown);
    return kit_walk_all(r, &m, NULL);
}

static enum kit_child_outcome grown_table(const struct kit_run *r)
{
    if (use(r, false) != KIT_PASS || use(r, false) != KIT_PASS)
        return kit_child_nothing("it cannot be used; other checks say why");
    return use(r, true); /* a third time, so that only the table is new */
}

static enum kit_child_outcome no_state(const struct kit_run *r)
{
    size_t before_bytes, after_bytes;
    unsigned char *before = kit_elf_variables(r->path, &before_bytes);
    enum kit_child_outcome outcome = use(r, false);
    unsigned char *after = kit_elf_variables(r->path, &after_bytes);
    size_t at = 0;
    while (at < before_bytes && at < after_bytes && before[at] == after[at])
        at++;
    bool same = before_bytes == after_bytes && at == before_bytes;
    free(before);
    free(after);
    if (outcome != KIT_PASS)
        return kit_child_nothing("it could not be used without a peer");
    return same ? KIT_PASS
                : kit_child_fail("a static variable of it changed while it was used (byte %zu of "
                                 "%zu)", at, before_bytes);
}

const struct kit_check kit_abi_checks[] = {
    {"A2", KIT_BOTH, "it exports koppel_plugin_entry and nothing else",
     "A second symbol meets one of the same name of another plugin; build with "
     "-fvisibility=hidden.", one_export},
    {"A3", KIT_BOTH, "it opens with the libraries that it names, and no others",
     "What it borrows by chance from the program is gone with the next version; link it with "
     "-Wl,-z,defs and its own libraries.", stands_alone},
    {"A4", KIT_BOTH, "it is not linked with what belongs to the host",
     "Time-outs, TLS, limits and masking are the host's; use host->http and host->json.",
     host_libraries},
    {"A5", KIT_BOTH, "the sizes and the version that it was stamped with are possible",
     "By them the host knows what it may read; use KOPPEL_PLUGIN_HEADER and sizeof.", sizes},
    {"A6", KIT_BOTH, "its version is a short word",
     "People read it in `koppel plugins` and in reports; write something like 1.2.0.", version},
    {"A7", KIT_BOTH, "it is built as code that nobody can write to",
     "It handles what strangers send; use the flags of koppel-plugin.pc.", hardened},
    {"A8", KIT_BOTH, "koppel_plugin_entry gives the same struct each time",
     "It may be asked at any time and by any thread; give the address of a constant.",
     entry_twice},
    {"A9", KIT_BOTH, "it works with a host whose table has grown",
     "Later programs add functions at its end; ask for at least a size, never for an equal one.",
     grown_table},
    {"A10", KIT_BOTH, "it keeps nothing in static variables",
     "They are shared by all connections and threads; keep state in what open() makes.", no_state},
    {0},
};
