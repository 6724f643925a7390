#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

// prctl takes any number of arguments, which Swift cannot call.
static inline int admirror_forbid_dumps(void) { return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0); }
static inline int admirror_may_be_dumped(void) { return prctl(PR_GET_DUMPABLE, 0, 0, 0, 0); }

// Locks that belong to an open file, so that two in one process differ. They are for programs that ask for GNU's functions.
#ifndef F_OFD_GETLK
#define F_OFD_GETLK 36
#define F_OFD_SETLK 37
#endif

// A shared lock, because that needs no right to write the file.
static inline int admirror_lock(int file, long long byte, int is_set) {
  struct flock lock = {.l_type = is_set ? F_RDLCK : F_UNLCK, .l_whence = SEEK_SET, .l_start = byte, .l_len = 1};
  return fcntl(file, F_OFD_SETLK, &lock);
}

// 1 when another open file has a lock there.
static inline int admirror_is_locked(int file, long long byte) {
  struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = byte, .l_len = 1};
  return fcntl(file, F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
}

// A file in memory, closed in programs that are started. memfd_create is for programs that ask for GNU's functions; 1 is
// MFD_CLOEXEC.
static inline int admirror_memory_file(void) { return (int)syscall(SYS_memfd_create, "picture", 1); }

// No more memory, processor time, files and bytes of a file than this. The names of these limits are enumerations in Swift.
static inline void admirror_limit(unsigned long memory, unsigned long seconds, unsigned long files, unsigned long file_size) {
  setrlimit(RLIMIT_AS, &(struct rlimit){memory, memory});
  setrlimit(RLIMIT_CPU, &(struct rlimit){seconds, seconds});
  setrlimit(RLIMIT_NOFILE, &(struct rlimit){files, files});
  setrlimit(RLIMIT_FSIZE, &(struct rlimit){file_size, file_size});
  setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
}
