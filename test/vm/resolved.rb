# Prints, as JSON, the machines that a Vagrantfile defines: resolved.rb VAGRANTFILE. Stands in for Vagrant itself, which
# has no way to show them.
require "json"
require "pathname"

# Takes any setting, and keeps it.
class Settings
  attr_reader :kept

  def initialize = @kept = {}
  def vm = self
  def ssh = self
  def storage(_kind, **options) = @kept["storage"] = options
  def network(_kind, **options) = @kept["network"] = options
  def provider(_name) = yield(self)
  def synced_folder(*, **) = nil

  def define(name)
    machine = Settings.new
    yield machine
    (@kept["machines"] ||= []) << { "name" => name, **machine.kept }
  end

  def method_missing(name, *arguments)
    return super unless name.end_with?("=")
    @kept[name.to_s.delete_suffix("=")] = arguments.first
  end

  def respond_to_missing?(name, _private = false) = name.end_with?("=")
end

module Vagrant
  def self.user_data_path = Pathname.new("/nonexistent")

  def self.configure(_version)
    settings = Settings.new
    yield settings
    puts JSON.generate(settings.kept)
  end
end

load ARGV.fetch(0)
