#include "store/network_mount.hpp"

#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>

#include <array>
#include <fstream>
#include <iterator>
#include <sstream>
#include <utility>

namespace posthorn::store {

namespace {

constexpr std::uint32_t fuse_magic = 0x65735546;

constexpr std::array<std::pair<std::uint32_t, std::string_view>, 11> network_magics{{
    {0x00006969, "nfs"},
    {0xFF534D42, "cifs"},
    {0xFE534D42, "smb2"},
    {0x0000517B, "smb"},
    {0x00C36400, "ceph"},
    {0x5346414F, "afs"},
    {0x73757245, "coda"},
    {0x0BD00BD0, "lustre"},
    {0x47504653, "gpfs"},
    {0x0000564C, "ncp"},
    {0x786F4256, "vboxsf"},
}};

constexpr std::array<std::string_view, 7> remote_fuse{
    "fuse.sshfs",  "fuse.glusterfs", "fuse.ceph-fuse", "fuse.s3fs",
    "fuse.rclone", "fuse.davfs",     "fuse.curlftpfs"};

} // namespace

std::string_view network_name_of(std::uint32_t magic) {
    for (const auto& [known, name] : network_magics)
        if (known == magic)
            return name;
    return {};
}

std::string fuse_network_name(std::string_view mountinfo, std::string_view device) {
    // 36 35 0:52 / /mnt rw,noatime shared:1 - fuse.sshfs host:/ rw        (proc(5))
    std::istringstream lines{std::string(mountinfo)};
    for (std::string line; std::getline(lines, line);) {
        std::istringstream words(line);
        std::string word;
        std::string on;
        words >> word >> word >> on;
        if (on != device)
            continue;
        while (words >> word && word != "-") {
        }
        words >> word;
        for (const auto name : remote_fuse)
            if (word == name)
                return word;
    }
    return {};
}

std::string network_file_system_at(const std::filesystem::path& path) {
    struct statfs fs {};
    struct stat file {};
    if (::statfs(path.c_str(), &fs) != 0 || ::stat(path.c_str(), &file) != 0)
        return {};
    const auto magic = static_cast<std::uint32_t>(fs.f_type);
    if (magic != fuse_magic)
        return std::string(network_name_of(magic));
    std::ifstream mounts("/proc/self/mountinfo");
    const std::string all{std::istreambuf_iterator<char>(mounts), {}};
    return fuse_network_name(all, std::to_string(major(file.st_dev)) + ":" +
                                      std::to_string(minor(file.st_dev)));
}

} // namespace posthorn::store
