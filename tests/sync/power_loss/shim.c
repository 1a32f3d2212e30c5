/* Records what a process does to the cache's files in one folder, in order, and what it says on standard output.
 *
 * Preloaded into the real desk service. A record is: op, inode, two numbers, then its bytes; see trace.py.
 * What goes through mmap (the -shm file) is not recorded: SQLite makes it anew after a crash.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#define MANY 4096

static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;
static char folder[4096];
static size_t folder_length;
static int trace = -1;
static uint64_t inode_of[MANY];

struct head {
    uint8_t op;
    uint8_t pad[7];
    uint64_t inode, a, b;
};

__attribute__((constructor)) static void begin(void) {
    const char *dir = getenv("POWER_LOSS_FOLDER"), *to = getenv("POWER_LOSS_TRACE");
    if (!dir || !to) return;
    snprintf(folder, sizeof folder, "%s/", dir);
    folder_length = strlen(folder);
    trace = (int)syscall(SYS_openat, AT_FDCWD, to, O_WRONLY | O_CREAT | O_APPEND, 0600);
}

/* One call a record, at the end of the file: other processes write there too. */
static void note(char op, uint64_t inode, uint64_t a, uint64_t b, const void *bytes, size_t size) {
    struct head head = {.op = (uint8_t)op, .inode = inode, .a = a, .b = b};
    struct iovec parts[2] = {{&head, sizeof head}, {(void *)bytes, size}};
    if (syscall(SYS_writev, trace, parts, 2L) != (long)(sizeof head + size)) abort();
}

static const char *ours(const char *path) {
    if (trace < 0 || !path || strncmp(path, folder, folder_length)) return NULL;
    const char *name = path + folder_length;
    return strncmp(name, "cache.", 6) || strchr(name, '/') || strstr(name, "-shm") ? NULL : name;
}

static void opened(int fd, const char *path, int flags) {
    if (fd < 0 || fd >= MANY || trace < 0) return;
    struct stat about;
    inode_of[fd] = 0;
    if (fstat(fd, &about)) return;
    if (S_ISDIR(about.st_mode)) {
        size_t length = strlen(path);
        if (length + 1 == folder_length && !strncmp(path, folder, length)) inode_of[fd] = 1;
        return;
    }
    const char *name = ours(path);
    if (!name || !S_ISREG(about.st_mode)) return;
    inode_of[fd] = about.st_ino;
    pthread_mutex_lock(&turn);
    note('o', about.st_ino, (flags & O_TRUNC) ? 1 : 0, strlen(name), name, strlen(name));
    pthread_mutex_unlock(&turn);
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

#define OPEN(name)                                                        \
    int name(const char *path, int flags, ...) {                          \
        va_list more;                                                     \
        va_start(more, flags);                                            \
        mode_t mode = va_arg(more, mode_t);                               \
        va_end(more);                                                     \
        int fd = REAL(name)(path, flags, mode);                           \
        opened(fd, path, flags);                                          \
        return fd;                                                        \
    }
OPEN(open)
OPEN(open64)

#define OPENAT(name)                                                      \
    int name(int at, const char *path, int flags, ...) {                  \
        va_list more;                                                     \
        va_start(more, flags);                                            \
        mode_t mode = va_arg(more, mode_t);                               \
        va_end(more);                                                     \
        int fd = REAL(name)(at, path, flags, mode);                       \
        opened(fd, path, flags);                                          \
        return fd;                                                        \
    }
OPENAT(openat)
OPENAT(openat64)

static uint64_t known(int fd) { return trace >= 0 && fd >= 0 && fd < MANY ? inode_of[fd] : 0; }

int close(int fd) {
    if (fd >= 0 && fd < MANY) inode_of[fd] = 0;
    return REAL(close)(fd);
}

ssize_t write(int fd, const void *bytes, size_t size) {
    if (trace >= 0 && fd == 1) { /* noted before it is said: from here on somebody may rely on it */
        pthread_mutex_lock(&turn);
        note('s', 0, 0, (uint64_t)size, bytes, size);
        pthread_mutex_unlock(&turn);
        return REAL(write)(fd, bytes, size);
    }
    uint64_t inode = known(fd);
    if (!inode) return REAL(write)(fd, bytes, size);
    pthread_mutex_lock(&turn);
    off_t at = lseek(fd, 0, SEEK_CUR);
    ssize_t done = REAL(write)(fd, bytes, size);
    if (done > 0) note('w', inode, (uint64_t)at, (uint64_t)done, bytes, (size_t)done);
    pthread_mutex_unlock(&turn);
    return done;
}

#define PWRITE(name, offset_t)                                                        \
    ssize_t name(int fd, const void *bytes, size_t size, offset_t at) {               \
        uint64_t inode = known(fd);                                                   \
        if (!inode) return REAL(name)(fd, bytes, size, at);                           \
        pthread_mutex_lock(&turn);                                                    \
        ssize_t done = REAL(name)(fd, bytes, size, at);                               \
        if (done > 0) note('w', inode, (uint64_t)at, (uint64_t)done, bytes, (size_t)done); \
        pthread_mutex_unlock(&turn);                                                  \
        return done;                                                                  \
    }
PWRITE(pwrite, off_t)
PWRITE(pwrite64, off64_t)

#define TRUNCATE(name, offset_t)                                          \
    int name(int fd, offset_t size) {                                     \
        uint64_t inode = known(fd);                                       \
        pthread_mutex_lock(&turn);                                        \
        int done = REAL(name)(fd, size);                                  \
        if (inode && !done) note('t', inode, (uint64_t)size, 0, NULL, 0); \
        pthread_mutex_unlock(&turn);                                      \
        return done;                                                      \
    }
TRUNCATE(ftruncate, off_t)
TRUNCATE(ftruncate64, off64_t)

static uint64_t syncs;

/* A sync promises what was written before it began, once it has returned: both ends are recorded. */
#define SYNC(name)                                                        \
    int name(int fd) {                                                    \
        uint64_t inode = known(fd);                                       \
        if (!inode) return REAL(name)(fd);                                \
        pthread_mutex_lock(&turn);                                        \
        uint64_t mine = ++syncs;                                          \
        note('b', inode, mine, 0, NULL, 0);                               \
        pthread_mutex_unlock(&turn);                                      \
        int done = REAL(name)(fd);                                        \
        pthread_mutex_lock(&turn);                                        \
        if (!done) note('f', inode, mine, 0, NULL, 0);                    \
        pthread_mutex_unlock(&turn);                                      \
        return done;                                                      \
    }
SYNC(fsync)
SYNC(fdatasync)

int unlink(const char *path) {
    const char *name = ours(path);
    pthread_mutex_lock(&turn);
    int done = REAL(unlink)(path);
    if (name && !done) note('u', 0, 0, strlen(name), name, strlen(name));
    pthread_mutex_unlock(&turn);
    return done;
}

int rename(const char *from, const char *to) {
    const char *old = ours(from), *new = ours(to);
    pthread_mutex_lock(&turn);
    int done = REAL(rename)(from, to);
    if (old && new && !done) {
        char both[8192];
        int size = snprintf(both, sizeof both, "%s/%s", old, new);
        note('r', 0, 0, (uint64_t)size, both, (size_t)size);
    }
    pthread_mutex_unlock(&turn);
    return done;
}
