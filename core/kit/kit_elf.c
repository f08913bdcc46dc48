/* SPDX-License-Identifier: MIT
 * ELF, as far as the kit needs it: names of a library's dynamic section, and its table of imports.
 */
#include "kit/kit_elf.h"

#include <dlfcn.h>
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <link.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#if defined(__x86_64__)
#define IS_IMPORT(type) ((type) == R_X86_64_GLOB_DAT || (type) == R_X86_64_JUMP_SLOT || \
                         (type) == R_X86_64_64)
#elif defined(__aarch64__)
#define IS_IMPORT(type) ((type) == R_AARCH64_GLOB_DAT || (type) == R_AARCH64_JUMP_SLOT || \
                         (type) == R_AARCH64_ABS64)
#else
#define IS_IMPORT(type) false
#endif

#define BYTES_MAX (64u * 1024 * 1024)

/* ---- the file ---- */

static char *read_file(const char *path, size_t *bytes)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat st;
    char *text = NULL;
    size_t have = 0;
    ssize_t n = 1;
    if (fd >= 0 && fstat(fd, &st) == 0 && st.st_size > 0 && st.st_size < (off_t)BYTES_MAX)
        text = malloc((size_t)st.st_size);
    while (text && n > 0 && have < (size_t)st.st_size) {
        n = read(fd, text + have, (size_t)st.st_size - have);
        have += n > 0 ? (size_t)n : 0;
    }
    if (fd >= 0)
        close(fd);
    *bytes = have;
    return text;
}

/* What lies in the file at an offset; NULL: not so many bytes. */
static const void *at(const struct kit_elf *e, uint64_t offset, uint64_t bytes)
{
    return offset <= e->size && bytes <= e->size - offset ? e->bytes + offset : NULL;
}

static int add(const char ***list, int *count, const char *name)
{
    const char **grown = realloc(*list, sizeof **list * (size_t)(*count + 1));
    if (!grown)
        return -1;
    grown[(*count)++] = name;
    *list = grown;
    return 0;
}

/* A name of a table of texts that is bytes long; "" where it lies outside. */
static const char *name_at(const char *texts, uint64_t bytes, uint64_t offset)
{
    return offset < bytes && memchr(texts + offset, '\0', bytes - offset) ? texts + offset : "";
}

static int take_symbols(struct kit_elf *e, const ElfW(Shdr) *table, const ElfW(Shdr) *texts)
{
    const char *names = at(e, texts->sh_offset, texts->sh_size);
    uint64_t count = table->sh_size / sizeof(ElfW(Sym));
    const ElfW(Sym) *symbols = at(e, table->sh_offset, table->sh_size);
    int rc = names && symbols ? 0 : -1;
    for (uint64_t i = 1; rc == 0 && i < count; i++) {
        const char *name = name_at(names, texts->sh_size, symbols[i].st_name);
        unsigned bind = symbols[i].st_info >> 4;
        if (symbols[i].st_shndx == SHN_UNDEF)
            rc = add(&e->imports, &e->import_count, name);
        else if (bind == STB_GLOBAL || bind == STB_WEAK)
            rc = add(&e->exports, &e->export_count, name);
    }
    return rc;
}

static int take_dynamic(struct kit_elf *e, const ElfW(Shdr) *table, const ElfW(Shdr) *texts)
{
    const char *names = at(e, texts->sh_offset, texts->sh_size);
    const ElfW(Dyn) *d = at(e, table->sh_offset, table->sh_size);
    uint64_t count = table->sh_size / sizeof *d;
    int rc = names && d ? 0 : -1;
    for (uint64_t i = 0; rc == 0 && i < count && d[i].d_tag != DT_NULL; i++) {
        uint64_t value = d[i].d_un.d_val;
        if (d[i].d_tag == DT_NEEDED)
            rc = add(&e->needed, &e->needed_count, name_at(names, texts->sh_size, value));
        else if (d[i].d_tag == DT_BIND_NOW)
            e->now = true;
        if (d[i].d_tag == DT_TEXTREL || (d[i].d_tag == DT_FLAGS && value & DF_TEXTREL))
            e->text_relocations = true;
        if ((d[i].d_tag == DT_FLAGS && value & DF_BIND_NOW) ||
            (d[i].d_tag == DT_FLAGS_1 && value & DF_1_NOW))
            e->now = true;
        if (d[i].d_tag == DT_FLAGS_1 && value & DF_1_NOOPEN)
            e->unloadable = true;
    }
    return rc;
}

static int take_sections(struct kit_elf *e, const ElfW(Ehdr) *head)
{
    const ElfW(Shdr) *all = at(e, head->e_shoff, (uint64_t)head->e_shnum * sizeof *all);
    for (unsigned i = 0; all && i < head->e_shnum; i++) {
        unsigned link = all[i].sh_link;
        int rc = 0;
        if (link >= head->e_shnum)
            return -1;
        if (all[i].sh_type == SHT_DYNSYM)
            rc = take_symbols(e, &all[i], &all[link]);
        else if (all[i].sh_type == SHT_DYNAMIC)
            rc = take_dynamic(e, &all[i], &all[link]);
        if (rc < 0)
            return -1;
    }
    return all ? 0 : -1;
}

int kit_elf_read(const char *path, struct kit_elf *out, struct koppel_error *err)
{
    out->bytes = read_file(path, &out->size);
    const ElfW(Ehdr) *head = out->bytes ? at(out, 0, sizeof *head) : NULL;
    if (!out->bytes)
        return err_set(err, KOPPEL_E_CONFIG, "%s cannot be read: %s", path,
                       errno ? strerror(errno) : "it is empty, or too large");
    if (!head || memcmp(head->e_ident, ELFMAG, SELFMAG) != 0 || head->e_type != ET_DYN ||
        head->e_ident[EI_CLASS] != (sizeof(void *) == 8 ? ELFCLASS64 : ELFCLASS32))
        return err_set(err, KOPPEL_E_CONFIG, "%s is no shared library of this machine", path);
    const ElfW(Phdr) *p = at(out, head->e_phoff, (uint64_t)head->e_phnum * sizeof *p);
    out->exec_stack = true;
    for (unsigned i = 0; p && i < head->e_phnum; i++) {
        if (p[i].p_type == PT_GNU_RELRO)
            out->relro = true;
        else if (p[i].p_type == PT_GNU_STACK)
            out->exec_stack = p[i].p_flags & PF_X;
        else if (p[i].p_type == PT_LOAD && p[i].p_flags & PF_W && p[i].p_flags & PF_X)
            out->writable_code = true;
    }
    if (!p || take_sections(out, head) < 0)
        return err_set(err, KOPPEL_E_CONFIG, "%s is damaged, or its section headers were stripped",
                       path);
    return 0;
}

void kit_elf_done(struct kit_elf *e)
{
    free(e->bytes);
    free(e->needed);
    free(e->exports);
    free(e->imports);
    *e = (struct kit_elf){0};
}

bool kit_elf_imports(const struct kit_elf *e, const char *name)
{
    for (int i = 0; i < e->import_count; i++) {
        if (strcmp(e->imports[i], name) == 0)
            return true;
    }
    return false;
}

/* ---- while it is loaded ---- */

static struct link_map *map_of(const char *path)
{
    struct link_map *map = NULL;
    void *handle = dlopen(path, RTLD_NOW | RTLD_NOLOAD);
    if (handle && dlinfo(handle, RTLD_DI_LINKMAP, &map) != 0)
        map = NULL;
    if (handle)
        dlclose(handle); /* it stays: whoever loaded it holds it */
    return map;
}

struct imports {
    const ElfW(Sym) *symbols;
    const char *names;
    const ElfW(Rela) *of_calls, *of_data;
    size_t call_count, data_count;
};

static void imports_find(const struct link_map *map, struct imports *out)
{
    *out = (struct imports){0};
    for (const ElfW(Dyn) *d = map->l_ld; d->d_tag != DT_NULL; d++) {
        void *where = (void *)(uintptr_t)d->d_un.d_ptr; /* relocated by the loader already */
        if (d->d_tag == DT_SYMTAB)
            out->symbols = where;
        else if (d->d_tag == DT_STRTAB)
            out->names = where;
        else if (d->d_tag == DT_JMPREL)
            out->of_calls = where;
        else if (d->d_tag == DT_RELA)
            out->of_data = where;
        else if (d->d_tag == DT_PLTRELSZ)
            out->call_count = d->d_un.d_val / sizeof(ElfW(Rela));
        else if (d->d_tag == DT_RELASZ)
            out->data_count = d->d_un.d_val / sizeof(ElfW(Rela));
    }
}

static int redirect(const struct link_map *map, const struct imports *in, const ElfW(Rela) *list,
                    size_t count, const char *name, void (*function)(void))
{
    long page = sysconf(_SC_PAGESIZE);
    int changed = 0;
    for (size_t i = 0; list && i < count; i++) {
        size_t symbol = ELF64_R_SYM(list[i].r_info);
        if (symbol == 0 || !IS_IMPORT(ELF64_R_TYPE(list[i].r_info)) ||
            in->symbols[symbol].st_shndx != SHN_UNDEF ||
            strcmp(in->names + in->symbols[symbol].st_name, name) != 0)
            continue;
        uintptr_t place = (uintptr_t)map->l_addr + list[i].r_offset;
        void *from = (void *)(place & ~(uintptr_t)(page - 1));
        if (mprotect(from, (size_t)page, PROT_READ | PROT_WRITE) != 0)
            continue;
        memcpy((void *)place, &function, sizeof function);
        changed++;
    }
    return changed;
}

int kit_elf_redirect(const char *path, const char *name, void (*function)(void))
{
    struct link_map *map = sizeof(void *) == 8 ? map_of(path) : NULL;
    struct imports in;
    if (!map)
        return 0;
    imports_find(map, &in);
    if (!in.symbols || !in.names)
        return 0;
    return redirect(map, &in, in.of_calls, in.call_count, name, function) +
           redirect(map, &in, in.of_data, in.data_count, name, function);
}

struct variables {
    uintptr_t base;
    unsigned char *copy;
    size_t bytes;
};

/* A writable segment without its head, which is read-only once it is loaded (RELRO). */
static int variables_take(struct dl_phdr_info *info, size_t size, void *arg)
{
    struct variables *v = arg;
    uintptr_t ro_from = 0, ro_to = 0;
    (void)size;
    if (info->dlpi_addr != v->base)
        return 0;
    for (int i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *p = &info->dlpi_phdr[i];
        if (p->p_type == PT_GNU_RELRO) {
            ro_from = info->dlpi_addr + p->p_vaddr;
            ro_to = ro_from + p->p_memsz;
        }
    }
    for (int i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *p = &info->dlpi_phdr[i];
        uintptr_t from = info->dlpi_addr + p->p_vaddr, to = from + p->p_memsz;
        if (p->p_type != PT_LOAD || !(p->p_flags & PF_W))
            continue;
        if (ro_to > from && ro_from <= from)
            from = ro_to < to ? ro_to : to;
        unsigned char *grown = realloc(v->copy, v->bytes + (to - from) + 1);
        if (!grown)
            return 1;
        memcpy(grown + v->bytes, (const void *)from, to - from);
        v->copy = grown;
        v->bytes += to - from;
    }
    return 1;
}

unsigned char *kit_elf_variables(const char *path, size_t *bytes)
{
    struct link_map *map = map_of(path);
    struct variables v = {.base = map ? (uintptr_t)map->l_addr : 0};
    if (map)
        dl_iterate_phdr(variables_take, &v);
    *bytes = v.bytes;
    return v.copy;
}
