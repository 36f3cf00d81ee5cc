import docker
import epicbox
import modal
from autogen_ext.code_executors.docker import DockerCommandLineCodeExecutor
from daytona import Daytona
from llm_sandbox import SandboxSession


def run(code):
    docker.from_env().containers.run("python:3.12", ["python", "-c", code])  # expect: control(sandbox)
    Daytona().create().process.code_run(code)  # expect: control(sandbox)
    modal.Sandbox.create("python").exec("python", "-c", code)  # expect: control(sandbox)
    SandboxSession(lang="python").run(code)  # expect: control(sandbox)
    return epicbox.run("python", code)  # expect: control(sandbox)


def executor():
    return DockerCommandLineCodeExecutor(work_dir="coding")
