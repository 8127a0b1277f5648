class TrayStatus < Formula
  include Language::Python::Virtualenv

  desc "Watches vendors' status pages and tells what changed, at once, and only once"
  homepage "@HOME_PAGE@"
  url "@SDIST_URL@"
  sha256 "@SDIST_SHA256@"
  license "MIT"

  depends_on "rust" => :build # nh3 has no other way from source
  depends_on "certifi"
  depends_on "pillow"
  depends_on "python@3.13"

  # `brew update-python-resources tray-status` writes the other dependencies here.

  def install
    virtualenv_install_with_resources
  end

  service do
    run [opt_bin/"tray-status"]
    keep_alive crashed: true
    log_path var/"log/tray-status.log"
    error_log_path var/"log/tray-status.log"
  end

  test do
    assert_match version.to_s, shell_output("#{bin}/tray-status --version")
    assert_match "tracked on 4 pages", shell_output("#{bin}/tray-status --demo --console --once")
  end
end
