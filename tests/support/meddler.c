/* Stands between one program and its system: its wall clock and the files of one folder do as a line of a file says.

   MEDDLER_ORDERS names that file, read anew at every call: the seconds by which the wall clock is off, then the errno
   with which opening, reading, writing and syncing fail (0: they do not). MEDDLER_FOLDER names the folder. */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

enum order { SHIFT, OPEN, READ, WRITE, SYNC, ORDERS };

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static long ordered(enum order wanted)
{
    char line[128], *at = line;
    long found = 0;
    int before = errno;
    const char *path = getenv("MEDDLER_ORDERS");
    long fd = path ? syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC) : -1;
    if (fd >= 0) {
        long got = syscall(SYS_read, fd, line, sizeof line - 1);
        syscall(SYS_close, fd);
        line[got > 0 ? got : 0] = 0;
        for (int order = SHIFT; order <= (int)wanted; order++)
            found = strtol(at, &at, 10);
    }
    errno = before;
    return found;
}

static int inside(const char *path)
{
    const char *folder = getenv("MEDDLER_FOLDER");
    return folder && path && !strncmp(path, folder, strlen(folder));
}

static int fails_at(const char *path, enum order wanted)
{
    int code = inside(path) ? (int)ordered(wanted) : 0;
    if (code)
        errno = code;
    return code;
}

static int fails(int fd, enum order wanted)
{
    char link[64], path[PATH_MAX];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0)
        return 0;
    path[length] = 0;
    return fails_at(path, wanted);
}

int clock_gettime(clockid_t id, struct timespec *at)
{
    int done = (int)syscall(SYS_clock_gettime, id, at);
    if (!done && id == CLOCK_REALTIME)
        at->tv_sec += ordered(SHIFT);
    return done;
}

int gettimeofday(struct timeval *at, void *zone)
{
    struct timespec now;
    (void)zone;
    clock_gettime(CLOCK_REALTIME, &now);
    at->tv_sec = now.tv_sec;
    at->tv_usec = now.tv_nsec / 1000;
    return 0;
}

time_t time(time_t *at)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (at)
        *at = now.tv_sec;
    return now.tv_sec;
}

#define OPENS(name)                                                                                                    \
    int name(const char *path, int flags, ...)                                                                         \
    {                                                                                                                  \
        va_list more;                                                                                                  \
        va_start(more, flags);                                                                                         \
        mode_t mode = va_arg(more, mode_t);                                                                            \
        va_end(more);                                                                                                  \
        return fails_at(path, OPEN) ? -1 : REAL(name)(path, flags, mode);                                              \
    }
OPENS(open)
OPENS(open64)

ssize_t pread(int fd, void *to, size_t size, off_t at) { return fails(fd, READ) ? -1 : REAL(pread)(fd, to, size, at); }
ssize_t pread64(int fd, void *to, size_t size, off64_t at) { return fails(fd, READ) ? -1 : REAL(pread64)(fd, to, size, at); }
ssize_t read(int fd, void *to, size_t size) { return fails(fd, READ) ? -1 : REAL(read)(fd, to, size); }
ssize_t pwrite(int fd, const void *of, size_t size, off_t at) { return fails(fd, WRITE) ? -1 : REAL(pwrite)(fd, of, size, at); }
ssize_t pwrite64(int fd, const void *of, size_t size, off64_t at) { return fails(fd, WRITE) ? -1 : REAL(pwrite64)(fd, of, size, at); }
ssize_t write(int fd, const void *of, size_t size) { return fails(fd, WRITE) ? -1 : REAL(write)(fd, of, size); }
int fsync(int fd) { return fails(fd, SYNC) ? -1 : REAL(fsync)(fd); }
int fdatasync(int fd) { return fails(fd, SYNC) ? -1 : REAL(fdatasync)(fd); }
