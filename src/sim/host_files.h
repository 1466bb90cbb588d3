// The texts that make a real sshd and a real ssh into the lab's hosts: both configurations, the
// known host keys, and the far side's programs. Pure.
#pragma once

#include <map>
#include <string>

#include "sim/lab_hosts.h"

namespace gatehouse::sim {

/// Absolute paths of the programs of this machine.
struct HostPrograms {
  std::string lab;  ///< gatehouse-lab
  std::string ssh, sshd, ssh_keygen, qemu_img, qemu_io;
};

/// The keys of a lab, in LabPaths::hosts(): the public half is NAME.pub.
inline constexpr const char* kHostKey = "host_key";
inline constexpr const char* kClientKey = "client_key";
inline constexpr const char* kStrangerKey = "stranger_key";  ///< nobody knows it

std::string ssh_config(const OpenLab& lab, const HostPrograms& programs, std::uint16_t port);
std::string sshd_config(const OpenLab& lab, std::uint16_t port);
/// `host_key` and `stranger_key`: "ssh-ed25519 AAAA...".
std::string known_hosts(const OpenLab& lab, const std::string& host_key,
                        const std::string& stranger_key);

/// The lab's `ssh`: the system's, with the lab's configuration.
std::string ssh_program(const OpenLab& lab, const HostPrograms& programs);
/// The lab's `ssh` where there can be no hosts: says why.
std::string ssh_program_without_hosts(const std::string& why);
/// What every login of the far side comes to.
std::string far_shell(const OpenLab& lab, const HostPrograms& programs);
/// The far side's programs of one host: name -> text.
std::map<std::string, std::string> far_programs(const OpenLab& lab, const LabHost& host,
                                                const HostPrograms& programs);

}  // namespace gatehouse::sim
